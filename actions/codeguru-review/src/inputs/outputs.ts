export const outputs = {
  verdict: { help: '`passed`, `blocked`, or `unknown` where no complete answer could be had.' },
  reason: { help: 'The verdict in one sentence.' },
  findings: { help: 'The findings that fail, worst first, as JSON; at most 100. All are in the files.' },
  counts: { help: 'How many findings there are of each severity and standing, as JSON.' },
  'new-count': { help: 'How many findings were not there before; unset where nothing was compared.' },
  'review-arn': { help: 'ARN of CodeGuru Reviewer’s review; unset where there was none.' },
  'sarif-file': { help: 'Path of the SARIF 2.1.0 file with all findings.' },
  'json-file': { help: 'Path of `recommendations.json`, in the shape of the AWS CodeGuru CLI’s.' },
  'html-file': { help: 'Path of the report as one HTML page.' },
} as const;
