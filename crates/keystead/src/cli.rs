//! The command line.

use crate::backup::restore::Options;
use crate::backup::{self, restore};
use crate::commands::{self, Call};
use crate::config::{self, ConfigError, Inputs, Loaded, Override, Vars};
use crate::gateways;
use crate::serve::{self, Start};
use clap::{Args, Parser, Subcommand};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Keystead: a home for identities in one binary.
#[derive(Debug, Parser)]
#[command(name = "keystead", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(subcommand)]
    command: Command,
}

/// What every command reads.
#[derive(Debug, Args)]
struct PlaceArgs {
    /// Folder of the database and the keys [default: ./keystead-data]
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<String>,
    /// Settings file [default: keystead.toml, if there is one]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server.
    Serve(ServeArgs),
    /// Look at the settings.
    Config {
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// Write the data of this moment into a new archive, while a server runs or not (SQLite).
    Backup {
        /// The archive; it may not exist yet
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Put the master key in, under a passphrase that is asked for or read from standard input
        #[arg(long)]
        with_key: bool,
    },
    /// Put an archive into an empty data folder that no server uses (SQLite).
    Restore {
        /// The archive
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Move aside what the data folder holds
        #[arg(long)]
        force: bool,
        /// Leave the archive's master key alone: the folder or the settings have it
        #[arg(long)]
        without_key: bool,
    },
    #[command(flatten)]
    Call(Call),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say whether the settings are sound.
    Check(SettingArgs),
    /// Print every setting, its value and where it came from; secrets are masked.
    Dump(SettingArgs),
    /// Print the reference of all settings as Markdown.
    Reference,
}

#[derive(Debug, Args)]
struct ServeArgs {
    #[command(flatten)]
    settings: SettingArgs,
    /// Create what this TOML or JSON file lists: pools, applications, users, access keys.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
struct SettingArgs {
    /// Serve this machine alone: a seeded pool, a development certificate, captured mail.
    #[arg(long)]
    dev: bool,
    /// Port of HTTP; 0 picks a free one [default: 8080]
    #[arg(long, value_name = "PORT")]
    http_port: Option<u16>,
    /// Port of HTTPS; 0 picks a free one [default: 8443]
    #[arg(long, value_name = "PORT")]
    https_port: Option<u16>,
    /// The address people and links use
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl SettingArgs {
    /// Reads the settings and tests them.
    fn load(&self, place: &PlaceArgs, vars: &Vars) -> Result<Loaded, ConfigError> {
        let overrides = self.overrides(place);
        let inputs = Inputs { overrides: &overrides, vars, file: place.config.as_deref() };
        let loaded = config::load(&inputs)?;
        config::check(&loaded, self.dev)?;
        Ok(loaded)
    }

    fn overrides(&self, place: &PlaceArgs) -> Vec<Override> {
        let given = [
            place.data.clone(),
            self.http_port.map(|port| port.to_string()),
            self.https_port.map(|port| port.to_string()),
            self.public_url.clone(),
        ];
        let options = config::OPTIONS.iter().zip(given);
        options
            .filter_map(|((key, option), text)| Some(Override { key, option, text: text? }))
            .collect()
    }
}

/// Runs the command. The code is 0 when all went well, 2 when the settings are wrong (as clap has
/// it for the command line itself), 1 otherwise.
#[must_use]
pub fn run(cli: Cli, vars: &Vars) -> ExitCode {
    match execute(cli, vars) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("keystead: {error:#}"));
            ExitCode::from(if error.is::<ConfigError>() { 2 } else { 1 })
        }
    }
}

fn execute(cli: Cli, vars: &Vars) -> anyhow::Result<()> {
    let Cli { place, command } = cli;
    match command {
        Command::Serve(args) => {
            let loaded = args.settings.load(&place, vars)?;
            serve::run(Start { loaded, dev: args.settings.dev, seed: args.seed })
        }
        Command::Config { what: ConfigCommand::Check(args) } => {
            let loaded = args.load(&place, vars)?;
            loaded.warnings.iter().for_each(|warning| say(warning));
            gateways::missing(&loaded.settings, args.dev).iter().for_each(|said| say(said));
            print("The settings are sound.\n")
        }
        Command::Config { what: ConfigCommand::Dump(args) } => {
            print(&args.load(&place, vars)?.dump())
        }
        Command::Config { what: ConfigCommand::Reference } => print(&config::reference()),
        Command::Backup { file, with_key } => {
            let loaded = SettingArgs::default().load(&place, vars)?;
            let done = backup::make(&loaded.settings, &file, with_key)?;
            if !with_key {
                say("The archive has no master key. Keep a copy of it in another place: without \
                     it the data cannot be read.");
            }
            print_json(&done)
        }
        Command::Restore { file, force, without_key } => {
            let loaded = SettingArgs::default().load(&place, vars)?;
            let options = Options { force, without_key };
            let (done, missing) = restore::restore(&loaded.settings, &file, options)?;
            for id in missing {
                say(&format!(
                    "The data needs master key {id}: put it into the folder as master.key, or into \
                     the settings, before you start a server."
                ));
            }
            print_json(&done)
        }
        Command::Call(call) => {
            let loaded = SettingArgs::default().load(&place, vars)?;
            print_json(&commands::perform(&loaded.settings, call)?)
        }
    }
}

fn print_json(value: &serde_json::Value) -> anyhow::Result<()> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

fn print(text: &str) -> anyhow::Result<()> {
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

#[expect(clippy::print_stderr, reason = "a command's own words to the person who typed it")]
fn say(sentence: &str) {
    eprintln!("{sentence}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split_whitespace())
    }

    fn load(line: &str) -> Result<Loaded, ConfigError> {
        let Cli { place, command } = parse(line).unwrap();
        match command {
            Command::Serve(args) => args.settings.load(&place, &Vars::default()),
            Command::Config { what: ConfigCommand::Check(args) | ConfigCommand::Dump(args) } => {
                args.load(&place, &Vars::default())
            }
            Command::Config { what: ConfigCommand::Reference }
            | Command::Call(_)
            | Command::Backup { .. }
            | Command::Restore { .. } => SettingArgs::default().load(&place, &Vars::default()),
        }
    }

    #[test]
    fn the_definition_is_sound_and_unknown_words_are_refused() {
        Cli::command().debug_assert();
        for bad in ["keystead", "keystead serve --port 1", "keystead serve --http-port 65536"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn options_go_into_the_settings() {
        let line = "keystead serve --dev --data d --http-port 0 --https-port 1 \
                    --public-url http://localhost:9";
        let loaded = load(line).unwrap();
        assert_eq!(loaded.settings.data, PathBuf::from("d"));
        assert_eq!((loaded.settings.http_port, loaded.settings.https_port), (0, 1));
        assert_eq!(loaded.settings.public_url.unwrap().as_str(), "http://localhost:9");
    }

    #[test]
    fn dev_refuses_what_is_not_loopback() {
        let line = "--public-url https://id.example.com";
        load(&format!("keystead config check {line}")).unwrap();
        let said = load(&format!("keystead serve --dev {line}")).unwrap_err().to_string();
        assert!(said.contains("must be loopback with --dev"), "{said}");
        assert!(said.contains("--public-url"), "{said}");
    }
}
