//! `cryptab`: the relay, the dealer, and native parties, in one program.

mod adjustment;
mod allocator;
mod commands;
mod console;
mod evaluator;
mod failure;
mod house;
mod ice;
mod invites;
mod journal_folder;
mod key_file;
mod limits;
mod line;
mod listening;
mod logs;
mod npy;
mod open_files;
mod owner_file;
mod people;
mod photo_file;
mod play;
mod ready;
mod relay_options;
mod route;
mod runtime;
mod state;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::console::Console;
use crate::failure::Failure;
use crate::logs::LogFormat;

/// Private tensors for the web: several parties compute together, nobody sees the others' data.
///
/// People meet in a room by a link. A relay carries their sealed packets, a dealer gives them
/// randomness, and only the agreed result is ever opened.
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER_HELP)]
struct Cli {
    /// Print one JSON object per line on standard output, for scripts.
    #[arg(long, global = true)]
    json: bool,
    /// Say more on standard error; twice for everything. CRYPTAB_LOG sets it in detail.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// How the log is written, on standard error.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    log: LogFormat,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(commands::serve::Serve),
    Relay(commands::relay::RelayCommand),
    Dealer(commands::dealer::DealerCommand),
    Join(commands::join::JoinCommand),
    Demo(commands::demo::Demo),
    Bench(commands::bench::Bench),
    Eval(commands::eval::Eval),
    Inspect(commands::inspect::Inspect),
    People(commands::people::People),
    Link(commands::link::Link),
    Room(commands::room::RoomCommand),
}

fn main() -> ExitCode {
    allocator::keep_memory();
    let Cli { json, verbose, log, command } = Cli::parse();
    logs::start(verbose, log);
    let console = Console::new(json);
    match run(command, &console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console.fail(&failure);
            failure.code()
        }
    }
}

fn run(command: Command, console: &Console) -> Result<(), Failure> {
    match command {
        Command::Serve(serve) => serve.run(console),
        Command::Relay(relay) => relay.run(console),
        Command::Dealer(dealer) => dealer.run(console),
        Command::Join(join) => join.run(console),
        Command::Demo(demo) => demo.run(console),
        Command::Bench(bench) => bench.run(console),
        Command::Eval(eval) => eval.run(console),
        Command::Inspect(inspect) => inspect.run(console),
        Command::People(people) => people.run(console),
        Command::Link(link) => link.run(console),
        Command::Room(room) => room.run(console),
    }
}

const AFTER_HELP: &str = "\
Examples:
  Try it without a browser:
    cryptab demo photo --input in.png --output out.png --parties 3 --filter sharpen
  Compute on private arrays of several parties:
    cryptab eval 'softmax(x @ w, dim=1)' --input x=x.npy --input w=w.npy --output y.npy
  Everything on one machine, for tabs and terminals:
    cryptab serve --listen 127.0.0.1:8787 --site web/dist
  Take part in a room from a terminal:
    cryptab join 'http://127.0.0.1:8787/#...' --role photo --input in.png --output out.png
  In earnest, relay and dealer of different operators:
    cryptab dealer --listen 0.0.0.0:8788 --key-file dealer.key
    cryptab relay --listen 0.0.0.0:8787 --site web/dist \\
        --dealer-url wss://dealer.example/dealer --dealer-key HEX

Exit codes:
  0 done   1 a bug or a broken machine   2 wrong usage   3 bad input (photo, array, link, option)
  4 another party's fault   5 the relay   6 the dealer   7 refused, or the invite has expired";
