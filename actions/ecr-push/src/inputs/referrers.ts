import { list } from '@aws-delivery/action-kit/inputs/definition';

export const referrerInputs = {
  referrers: list({
    group: 'What to push',
    default: [],
    help: 'Files that are pushed as referrers of the image (OCI 1.1), so that tools find them from it: SPDX or CycloneDX JSON, an in-toto statement, a DSSE envelope, a Sigstore bundle, SARIF; any other file with its type: `report.pdf=application/pdf`. In `images` each image has its own.',
  }),
} as const;
