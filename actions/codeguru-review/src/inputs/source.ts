import { choice, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Finding sources';

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
    help: 'Source of the findings. `codeguru-reviewer` runs a review of an associated repository, `inspector` uses or starts a scan by Amazon Inspector, and `sarif` reads files that scanners wrote in earlier steps. `auto` uses every source that is configured by its own inputs, in this order, or CodeGuru Reviewer if none is.',
  }),
  'sarif-files': list({
    group,
    default: [],
    help: 'SARIF 2.1.0 files that scanners wrote in earlier steps, relative to the workspace. `*` and `?` match within a name, `**` also matches directories. A pattern that matches no file is an error.',
  }),
  'root-directory': string({
    group,
    default: '.',
    help: 'Directory under review, relative to the workspace.',
  }),
} as const;
