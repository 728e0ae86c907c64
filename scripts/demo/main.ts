import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createDemoEnvironment, type DemoEnvironment, listOwnCalls } from './environment/demo-environment.js';
import { readOptions, usage } from './options.js';
import { renderReport } from './report.js';
import { runScenario, type ScenarioResult } from './run-scenario.js';
import { fullDelivery, stackDelivery } from './scenarios.js';
import { printCalls, printSteps } from './step-chart.js';
import { Terminal } from './terminal.js';

type End = ScenarioResult['end'];

const worst: readonly End[] = ['surprising', 'lenient', 'expected'];

const verdicts: Readonly<Record<End, string>> = {
  expected: 'The wrong parameter was stopped and explained, and the right one went through.',
  lenient: 'Both tries went through: this emulator accepts a stream without shards, which AWS refuses.',
  surprising: 'This is not how it should have gone: the log above shows where it differs.',
};

/** Runs the demo; the result is the process's exit code: 0 when the story went as it should. */
export const runDemo = async (args: readonly string[]): Promise<number> => {
  const options = await readOptions(args);
  const terminal = new Terminal((text) => process.stdout.write(text), process.stdout.isTTY === true);
  if (options.kind !== 'run') {
    terminal.printLine(options.kind === 'help' ? usage : `${options.message}\n\n${usage}`);
    return options.kind === 'help' ? 0 : 2;
  }
  await using stage = await createDemoEnvironment(process.cwd(), terminal, options.endpoint);
  introduce(stage);
  const performances = await runScenarios(stage);
  const end = worst.find((one) => performances.some((performance) => performance.end === one)) ?? 'expected';
  finalizeDemo(stage, performances, verdicts[end]);
  terminal.printLine(`\n${terminal.applyStyle(end === 'surprising' ? 'red' : 'green', verdicts[end])}`);
  return end === 'surprising' ? 1 : 0;
};

const introduce = ({ aws, terminal, emulator }: DemoEnvironment): void => {
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

/** The chapters in order; one that surprises ends the story. */
const runScenarios = async (stage: DemoEnvironment): Promise<readonly ScenarioResult[]> => {
  const performances: ScenarioResult[] = [];
  const scenarios = stage.emulator === undefined ? fullDelivery : stackDelivery;
  for (const [index, scenario] of scenarios.entries()) {
    stage.terminal.printHeading(scenario.title);
    const performance = await runScenario(stage, scenario, index + 1);
    printSteps(stage.terminal, performance.delivery);
    performances.push(performance);
    if (performance.end === 'surprising') break;
  }
  return performances;
};

const finalizeDemo = (stage: DemoEnvironment, performances: readonly ScenarioResult[], verdict: string): void => {
  const { root, directory, terminal } = stage;
  const calls = listOwnCalls(stage);
  terminal.printHeading('What AWS was asked');
  printCalls(terminal, calls);
  writeFileSync(
    join(directory, 'index.html'),
    renderReport({ performances, comments: stage.github.comments, calls, verdict }),
  );
  terminal.printHeading('What is left to read');
  const printScenario = (file: string, text: string): void =>
    terminal.printLine(`  ${relative(root, join(directory, file))}: ${text}`);
  printScenario('index.html', 'the whole run on one page');
  for (const { scenario } of performances) printScenario(`${scenario.name}.md`, 'the job summary');
  printScenario('calls.jsonl', 'every call, who made it, and whether IAM let it through');
};
