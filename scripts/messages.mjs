import { parseArgs } from 'node:util';
import { listMessages } from './check/messages.mjs';
import { findMessageIssues } from './check/prose.mjs';

/**
 * `npm run messages` lists every text of the sources that users can read: what it is for, the text, and where it is.
 * `npm run messages -- actions/ecr-push` lists those below a path. `--lint` lists the expressions that the dictionary of
 * prose replaces, as `npm run check` does. `--json` prints one JSON object for each text.
 */
const { values, positionals } = parseArgs({
  options: { lint: { type: 'boolean' }, json: { type: 'boolean' } },
  allowPositionals: true,
});
const messages = await listMessages(positionals);

if (values.lint) {
  const issues = await findMessageIssues(messages);
  console.log(issues.join('\n'));
  if (issues.length > 0) process.exitCode = 1;
} else if (values.json) {
  for (const message of messages) console.log(JSON.stringify(message));
} else {
  for (const { code, text, file, line } of messages) console.log(`${file}:${line}  [${code}]  ${JSON.stringify(text)}`);
}
