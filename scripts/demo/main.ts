import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { createDemoEnvironment, type DemoEnvironment, listOwnCalls } from './environment/demo-environment.js';
import { readOptions, USAGE } from './options.js';
import { renderReport } from './report/report.js';
import { runScenario, type ScenarioResult } from './run-scenario.js';
import { FULL_SCENARIOS, STACK_SCENARIOS } from './scenarios.js';
import { printCalls, printSteps } from './step-chart.js';
import { Terminal } from './terminal.js';

type Outcome = ScenarioResult['outcome'];

const OUTCOMES_BY_SEVERITY: readonly Outcome[] = ['unexpected', 'lenient', 'expected'];

const VERDICTS: Readonly<Record<Outcome, string>> = {
  expected:
    'As expected: the first delivery failed because of a wrong parameter, and the second one resumed and completed it.',
  lenient: 'Both deliveries succeeded: this emulator accepts a stream without shards, which AWS rejects.',
  unexpected: 'Unexpected result: see the log above for the first step that differs.',
};

/**
 * Runs the demo. Returns the exit code of the process: 0 unless a scenario has an unexpected result, or the machine lacks
 * a program.
 */
export const runDemo = async (args: readonly string[]): Promise<number> => {
  const options = await readOptions(args);
  const terminal = new Terminal((text) => process.stdout.write(text), process.stdout.isTTY === true);
  if (options.kind !== 'run') {
    terminal.printLine(options.kind === 'help' ? USAGE : `${options.message}\n\n${USAGE}`);
    return options.kind === 'help' ? 0 : 2;
  }
  try {
    return await runInEnvironment(await createDemoEnvironment(process.cwd(), terminal, options.endpoint));
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    terminal.printLine(error.message);
    return 1;
  }
};

const runInEnvironment = async (newEnvironment: DemoEnvironment): Promise<number> => {
  await using environment = newEnvironment;
  const { terminal } = environment;
  printIntroduction(environment);
  const results = await runScenarios(environment);
  const outcome = OUTCOMES_BY_SEVERITY.find((each) => results.some((result) => result.outcome === each)) ?? 'expected';
  finalizeDemo(environment, results);
  terminal.printLine(`\n${terminal.applyStyle(outcome === 'unexpected' ? 'red' : 'green', VERDICTS[outcome])}`);
  return outcome === 'unexpected' ? 1 : 0;
};

const FULL_INTRODUCTION = [
  'A pull request is reviewed, and its stack changes are previewed. Then examples/workflows/delivery.yml checks AWS',
  'Health, pushes an image, deploys two stacks and rolls out configuration. The steps run the same bundles as on',
  'GitHub.',
];
const STACK_INTRODUCTION = [
  'examples/workflows/first-delivery.yml deploys examples/delivery/template.yaml: a bucket, a queue, a stream and a',
  'table. The steps run the same bundles as on GitHub.',
];

const printIntroduction = ({ aws, terminal, emulator }: DemoEnvironment): void => {
  terminal.printHeading('AWS Delivery Actions: a complete delivery');
  const lines =
    emulator === undefined
      ? [...FULL_INTRODUCTION, `Local AWS emulates AWS at ${aws.url}; its time runs 60 times faster than real time.`]
      : [
          ...STACK_INTRODUCTION,
          `The emulator at ${emulator} creates the resources. Local AWS emulates GitHub's token issuer, STS and IAM at`,
          `${aws.url}.`,
        ];
  for (const line of lines) terminal.printLine(`  ${line}`);
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

/** The scenario whose summary of an action is written to a file of its own, as the READMEs show it. */
const SUMMARY_SCENARIOS: Readonly<Record<string, string>> = {
  'oidc-credentials': 'first-delivery',
  'health-gate': 'first-delivery',
  'codeguru-review': 'pull-request',
  'ecr-push': 'first-delivery',
  'cloudformation-deploy': 'first-delivery',
  'appconfig-rollout': 'second-delivery',
};

const writeSummaries = ({ directory }: DemoEnvironment, results: readonly ScenarioResult[]): void => {
  mkdirSync(join(directory, 'summaries'));
  for (const [action, scenarioName] of Object.entries(SUMMARY_SCENARIOS)) {
    const result = results.find(({ scenario }) => scenario.name === scenarioName);
    const step = result?.run.steps.find((each) => each.action === action);
    if (step !== undefined) writeFileSync(join(directory, 'summaries', `${action}.md`), `${step.summary.trim()}\n`);
  }
};

const finalizeDemo = (environment: DemoEnvironment, results: readonly ScenarioResult[]): void => {
  const { root, directory, terminal } = environment;
  const calls = listOwnCalls(environment);
  terminal.printHeading('AWS API calls');
  printCalls(terminal, calls);
  writeFileSync(join(directory, 'index.html'), renderReport({ results, comments: environment.github.comments, calls }));
  writeSummaries(environment, results);
  terminal.printHeading('Files');
  const printScenario = (file: string, text: string): void =>
    terminal.printLine(`  ${relative(root, join(directory, file))}: ${text}`);
  printScenario('index.html', 'report of the complete run');
  for (const { scenario } of results) printScenario(`${scenario.name}.md`, 'job summary');
  printScenario('summaries/', 'the summary of one step of each action');
  printScenario('local-aws.yml and suite/', 'scenario and actions for act, see README.md');
  printScenario('calls.jsonl', 'every AWS API call with principal and IAM decision');
};
