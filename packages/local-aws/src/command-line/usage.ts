import { DEFAULT_PORT } from './server-state.js';

/** How the user ran this program, for hints: through npx, unless it is on the PATH. */
export const getCommandName = (env: NodeJS.ProcessEnv = process.env): string =>
  env['npm_command'] === 'exec' ? 'npx local-aws' : 'local-aws';

/** The text of `--help`. */
export const USAGE = `usage: local-aws start [options]   start a server in the background, return when it is ready
       local-aws env [options]     print the environment variables for a running server
       local-aws stop [--port N]   stop a server that local-aws start started
       local-aws [options]         run a server in the foreground until Ctrl-C, print its environment variables

Examples:
  local-aws start --scenario scenario.yml && eval "$(local-aws env)"
  local-aws env --format env > act.env   (for act --env-file act.env)
  local-aws stop

Options of a server:
  --scenario FILE            scenario file (YAML): initial state and injected faults; without it, only the root keys
                             test/test exist
  --port N                   port on 127.0.0.1; 0: any free port; default: ${DEFAULT_PORT} with start, otherwise any free port
  --upstream URL             forward every service except sts and iam to another emulator; service=URL forwards one
                             service; repeatable
  --upstream-keys ID:SECRET  access key of that emulator; default: the caller's account number and test
  --log FILE                 write one JSON line for each call; -: standard error
  --format env|json          format of the environment variables of a foreground server; default: env

Options of env:
  --port N                   port of the server; default: ${DEFAULT_PORT}
  --format shell|env|json    shell: export commands for eval; env: NAME=value lines for $GITHUB_ENV and act;
                             json: a JSON object; default: shell
  --claim NAME=VALUE         claim of the OIDC tokens, overrides the scenario; repeatable
  --keys                     include the root access key of the scenario, for the AWS CLI

Options of stop:
  --port N                   port of the server; default: ${DEFAULT_PORT}
`;
