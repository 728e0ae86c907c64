export const outputs = {
  verdict: { help: '`passed`, `blocked`, or `unknown` if a source is unavailable or its result is incomplete.' },
  reason: { help: 'Reason for the verdict, in one sentence.' },
  findings: {
    help: 'Failing findings as JSON, most severe first, at most 100. The report files contain all findings.',
  },
  counts: { help: 'Number of findings for each status and severity, as JSON.' },
  'new-count': { help: 'Number of new findings. Not set if findings were not compared.' },
  'review-arn': { help: 'ARN of the CodeGuru Reviewer code review. Not set if there was none.' },
  'sarif-file': { help: 'Path of the SARIF 2.1.0 file with all findings.' },
  'json-file': { help: 'Path of `recommendations.json`, in the format of the AWS CodeGuru CLI.' },
  'html-file': { help: 'Path of the HTML report.' },
} as const;
