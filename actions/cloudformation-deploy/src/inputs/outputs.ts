/** Every name has a hyphen, which names of stack outputs cannot have, so that they never collide. */
export const outputs = {
  'stack-id': { help: 'ARN of the stack.' },
  'stack-status': { help: 'Its status at the end.' },
  'stack-outputs': { help: 'All outputs of the stack as a JSON object.' },
  '*': {
    help: 'Each output of the stack under its own name, except where names differ only in case, which a workflow does not tell apart: those are in `stack-outputs` alone.',
  },
  'change-set-id': { help: 'ARN of the change set.' },
  'change-set-name': { help: 'Name of the change set.' },
  'has-changes': { help: '`true` when there is something to change.' },
  'changes-count': { help: 'Number of changes.' },
  'changes-summary': {
    help: 'The changes as JSON: `changes`, `totalChanges`, `truncated`, `status`, `executionStatus`, `creationTime`.',
  },
  'changes-markdown': { help: 'The changes as Markdown.' },
  'retry-count': { help: 'How often the deploy was retried from the point of failure.' },
  'was-resumed': { help: '`true` when this run went on from a failure that an earlier one preserved.' },
  'failed-resources': {
    help: 'The resources that failed as a JSON list of `{stack, logicalId, type, status, reason, code}`.',
  },
  'root-cause': { help: 'What failed first, in one line.' },
  'drift-status': { help: 'In `mode: drift`: `IN_SYNC`, `DRIFTED`, or what else CloudFormation says.' },
  'drifted-resources': { help: 'In `mode: drift`: the resources that have drifted, as JSON.' },
  'console-url': { help: 'The stack in the AWS console.' },
} as const;
