# Installs what the tests need and this machine lacks. Sourced by ./test.

# `command or glob` and the Debian package that brings it.
DEBIAN_NEEDS=(
  "/usr/bin/chromium chromium"
  "/usr/lib/postgresql/*/bin/initdb postgresql"
  "/usr/bin/psql postgresql-client"
  "/usr/bin/curl curl"
)

# Folders with a package-lock.json of ours.
NPM_NEEDS=(conformance/npm/*/ conformance/specs/*/ e2e/)

# Names of Debian packages that are not there.
missing_packages() {
  local row path package
  for row in "${DEBIAN_NEEDS[@]}"; do
    read -r path package <<<"$row"
    compgen -G "$path" >/dev/null || echo "$package"
  done
}

install_packages() {
  local as_root=()
  if ((EUID != 0)); then
    if ! sudo -n true 2>/dev/null; then
      echo "These Debian packages are missing and only root can install them: $*"
      return 1
    fi
    as_root=(sudo -n)
  fi
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" apt-get install -q -y --no-install-recommends "$@"
}

# `npm ci` where the lock file has changed since the last time.
install_npm() {
  local folder=$1 stamp=$1/node_modules/.lock-sum sum
  [[ -f $folder/package-lock.json ]] || return 0
  sum=$(cksum <"$folder/package-lock.json")
  [[ -f $stamp && $(<"$stamp") == "$sum" ]] && return 0
  echo "npm ci in $folder"
  (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts) && echo "$sum" >"$stamp"
}

install_needs() {
  local packages folder
  if ! command -v cargo >/dev/null; then
    echo "cargo is missing: install Rust (the version stands in Cargo.toml as rust-version)"
    return 1
  fi
  if ! command -v node >/dev/null || (($(node -p 'process.versions.node.split(".")[0]') < 20)); then
    echo "Node.js 20 or newer is missing"
    return 1
  fi
  mapfile -t packages < <(missing_packages)
  if ((${#packages[@]} > 0)); then
    install_packages "${packages[@]}" || return 1
  fi
  for folder in "${NPM_NEEDS[@]}"; do
    [[ -d $folder ]] || continue
    install_npm "${folder%/}" || return 1
  done
}
