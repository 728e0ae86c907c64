import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readOptions, usage } from './options.js';
import { pageOf } from './page.js';
import { type Performance, perform } from './performance.js';
import { printCalls, printSteps } from './recap.js';
import { ownCalls, type Stage, setStage } from './stage.js';
import { stackStory, wholeStory } from './story.js';
import { Terminal } from './terminal.js';

type End = Performance['end'];

const worst: readonly End[] = ['surprising', 'lenient', 'expected'];

const verdicts: Readonly<Record<End, string>> = {
  expected: 'The wrong parameter was stopped and explained, and the right one went through.',
  lenient: 'Both tries went through: this emulator accepts a stream without shards, which AWS refuses.',
  surprising: 'This is not how it should have gone: the log above shows where it differs.',
};

/** Runs the demo; the result is the process's exit code: 0 when the story went as it should. */
export const demo = async (args: readonly string[]): Promise<number> => {
  const options = await readOptions(args);
  const terminal = new Terminal((text) => process.stdout.write(text), process.stdout.isTTY === true);
  if (options.kind !== 'run') {
    terminal.line(options.kind === 'help' ? usage : `${options.message}\n\n${usage}`);
    return options.kind === 'help' ? 0 : 2;
  }
  await using stage = await setStage(process.cwd(), terminal, options.endpoint);
  introduce(stage);
  const performances = await play(stage);
  const end = worst.find((one) => performances.some((performance) => performance.end === one)) ?? 'expected';
  conclude(stage, performances, verdicts[end]);
  terminal.line(`\n${terminal.styled(end === 'surprising' ? 'red' : 'green', verdicts[end])}`);
  return end === 'surprising' ? 1 : 0;
};

const introduce = ({ aws, terminal, emulator }: Stage): void => {
  terminal.heading('AWS Delivery Actions: a delivery from end to end');
  if (emulator === undefined) {
    terminal.line(
      '  A pull request is reviewed and previewed; then examples/workflows/delivery.yml looks at AWS Health,',
    );
    terminal.line(
      '  pushes an image, deploys two stacks and rolls configuration out. The actions are the bundles that',
    );
    terminal.line(`  GitHub would run; AWS is played by this machine (${aws.url}), a minute a second.`);
  } else {
    terminal.line(
      '  examples/workflows/first-delivery.yml takes examples/delivery/template.yaml to AWS: a bucket, a queue,',
    );
    terminal.line(`  a stream and a table, made by the emulator at ${emulator}. GitHub's token issuer, STS and IAM`);
    terminal.line(`  are played by this machine (${aws.url}); the actions are the bundles that GitHub would run.`);
  }
};

/** The chapters in order; one that surprises ends the story. */
const play = async (stage: Stage): Promise<readonly Performance[]> => {
  const performances: Performance[] = [];
  const chapters = stage.emulator === undefined ? wholeStory : stackStory;
  for (const [index, chapter] of chapters.entries()) {
    stage.terminal.heading(chapter.title);
    const performance = await perform(stage, chapter, index + 1);
    printSteps(stage.terminal, performance.delivery);
    performances.push(performance);
    if (performance.end === 'surprising') break;
  }
  return performances;
};

const conclude = (stage: Stage, performances: readonly Performance[], verdict: string): void => {
  const { root, folder, terminal } = stage;
  const calls = ownCalls(stage);
  terminal.heading('What AWS was asked');
  printCalls(terminal, calls);
  writeFileSync(join(folder, 'index.html'), pageOf({ performances, comments: stage.github.comments, calls, verdict }));
  terminal.heading('What is left to read');
  const tell = (file: string, text: string): void => terminal.line(`  ${relative(root, join(folder, file))}: ${text}`);
  tell('index.html', 'the whole run on one page');
  for (const { chapter } of performances) tell(`${chapter.name}.md`, 'the job summary');
  tell('calls.jsonl', 'every call, who made it, and whether IAM let it through');
};
