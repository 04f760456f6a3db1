// Sends the one form of the page at once; its button does the same without script.
"use strict";
document.addEventListener("DOMContentLoaded", () => document.forms[0].submit());
