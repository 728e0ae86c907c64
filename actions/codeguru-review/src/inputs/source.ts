import { choice, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Where findings come from';

/** Inputs that select the sources of findings. */
export const sourceInputs = {
  'findings-from': choice(
    'auto',
    'codeguru-reviewer',
    'inspector',
    'sarif',
  )({
    group,
    default: 'auto',
    help: 'Who is asked for findings: `codeguru-reviewer` runs a review of an associated repository, `inspector` takes or starts a scan by Amazon Inspector, `sarif` reads the files of any scanner that ran before, `auto` asks all that are configured, in this order; CodeGuru Reviewer where none is.',
  }),
  'sarif-files': list({
    group,
    default: [],
    help: 'SARIF 2.1.0 files of scanners that ran before; `*`, `**` and `?` stand for names and folders. A pattern without a file is an error.',
  }),
  'root-directory': string({
    group,
    default: '.',
    help: 'The folder that was checked out and looked at, from the workspace.',
  }),
} as const;
