import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createDemoEnvironment, type DemoEnvironment, listOwnCalls } from './environment/demo-environment.js';
import { readOptions, USAGE } from './options.js';
import { renderReport } from './report.js';
import { runScenario, type ScenarioResult } from './run-scenario.js';
import { FULL_SCENARIOS, STACK_SCENARIOS } from './scenarios.js';
import { printCalls, printSteps } from './step-chart.js';
import { Terminal } from './terminal.js';

type Outcome = ScenarioResult['outcome'];

const OUTCOMES_BY_SEVERITY: readonly Outcome[] = ['unexpected', 'lenient', 'expected'];

const VERDICTS: Readonly<Record<Outcome, string>> = {
  expected: 'The wrong parameter was stopped and explained, and the right one went through.',
  lenient: 'Both tries went through: this emulator accepts a stream without shards, which AWS refuses.',
  unexpected: 'This is not how it should have gone: the log above shows where it differs.',
};

/** Runs the demo. Returns the exit code of the process: 0 unless a scenario has an unexpected result. */
export const runDemo = async (args: readonly string[]): Promise<number> => {
  const options = await readOptions(args);
  const terminal = new Terminal((text) => process.stdout.write(text), process.stdout.isTTY === true);
  if (options.kind !== 'run') {
    terminal.printLine(options.kind === 'help' ? USAGE : `${options.message}\n\n${USAGE}`);
    return options.kind === 'help' ? 0 : 2;
  }
  await using environment = await createDemoEnvironment(process.cwd(), terminal, options.endpoint);
  printIntroduction(environment);
  const results = await runScenarios(environment);
  const outcome = OUTCOMES_BY_SEVERITY.find((each) => results.some((result) => result.outcome === each)) ?? 'expected';
  finalizeDemo(environment, results, VERDICTS[outcome]);
  terminal.printLine(`\n${terminal.applyStyle(outcome === 'unexpected' ? 'red' : 'green', VERDICTS[outcome])}`);
  return outcome === 'unexpected' ? 1 : 0;
};

const printIntroduction = ({ aws, terminal, emulator }: DemoEnvironment): void => {
  terminal.printHeading('AWS Delivery Actions: a delivery from end to end');
  if (emulator === undefined) {
    terminal.printLine(
      '  A pull request is reviewed and previewed; then examples/workflows/delivery.yml looks at AWS Health,',
    );
    terminal.printLine(
      '  pushes an image, deploys two stacks and rolls configuration out. The actions are the bundles that',
    );
    terminal.printLine(`  GitHub would run; AWS is played by this machine (${aws.url}), a minute a second.`);
  } else {
    terminal.printLine(
      '  examples/workflows/first-delivery.yml takes examples/delivery/template.yaml to AWS: a bucket, a queue,',
    );
    terminal.printLine(
      `  a stream and a table, made by the emulator at ${emulator}. GitHub's token issuer, STS and IAM`,
    );
    terminal.printLine(`  are played by this machine (${aws.url}); the actions are the bundles that GitHub would run.`);
  }
};

/** Runs the scenarios in order, up to the first with an unexpected result. */
const runScenarios = async (environment: DemoEnvironment): Promise<readonly ScenarioResult[]> => {
  const results: ScenarioResult[] = [];
  const scenarios = environment.emulator === undefined ? FULL_SCENARIOS : STACK_SCENARIOS;
  for (const [index, scenario] of scenarios.entries()) {
    environment.terminal.printHeading(scenario.title);
    const result = await runScenario(environment, scenario, index + 1);
    printSteps(environment.terminal, result.run);
    results.push(result);
    if (result.outcome === 'unexpected') break;
  }
  return results;
};

const finalizeDemo = (environment: DemoEnvironment, results: readonly ScenarioResult[], verdict: string): void => {
  const { root, directory, terminal } = environment;
  const calls = listOwnCalls(environment);
  terminal.printHeading('What AWS was asked');
  printCalls(terminal, calls);
  writeFileSync(
    join(directory, 'index.html'),
    renderReport({ results, comments: environment.github.comments, calls, verdict }),
  );
  terminal.printHeading('What is left to read');
  const printScenario = (file: string, text: string): void =>
    terminal.printLine(`  ${relative(root, join(directory, file))}: ${text}`);
  printScenario('index.html', 'the whole run on one page');
  for (const { scenario } of results) printScenario(`${scenario.name}.md`, 'the job summary');
  printScenario('calls.jsonl', 'every call, who made it, and whether IAM let it through');
};
