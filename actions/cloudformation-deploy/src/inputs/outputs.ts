/** Every name has a hyphen, which names of stack outputs cannot have, so that they never collide. */
export const outputs = {
  'stack-id': { help: 'ARN of the stack.' },
  'stack-status': { help: 'Status of the stack at the end of the run.' },
  'stack-outputs': {
    help: 'All stack outputs as a JSON object. With `stacks` or `assembly`, an object of these objects by stack name, as in the outputs file of the AWS CDK.',
  },
  '*': {
    help: 'Each stack output under its own name. Names of workflow outputs are not case-sensitive, so stack outputs whose names differ only in case are available only in `stack-outputs`.',
  },
  'change-set-id': { help: 'ARN of the change set.' },
  'change-set-name': { help: 'Name of the change set.' },
  'has-changes': { help: '`true` if there are changes.' },
  'changes-count': { help: 'Number of changes.' },
  'changes-summary': {
    help: 'Changes as a JSON object with `changes`, `totalChanges`, `truncated`, `status`, `executionStatus` and `creationTime`.',
  },
  'changes-markdown': { help: 'Changes as Markdown.' },
  'retry-count': { help: 'Number of retries from the point of failure.' },
  'was-resumed': { help: '`true` if this run resumed a failure that an earlier run preserved.' },
  'failed-resources': {
    help: 'Failed resources as a JSON list of `{stack, logicalId, type, status, reason, code}`.',
  },
  'root-cause': { help: 'Root cause of the failure, in one line.' },
  'drift-status': {
    help: 'In `mode: drift`, the drift status of the stack, such as `IN_SYNC` or `DRIFTED`. If `ignore-file` accepts all drift, it is `IN_SYNC`.',
  },
  'drifted-resources': { help: 'In `mode: drift`, the drifted resources as JSON, without what `ignore-file` accepts.' },
  'ignored-drift': {
    help: 'In `mode: drift`, the drift that `ignore-file` accepts, as a JSON list of `{logicalId, type, status, property, reason, entry}`. `property` is missing if the whole resource is accepted.',
  },
  'stack-results': {
    help: 'With `stacks` or `assembly`, a JSON object of results by stack name or display name. Each has `result` (`complete`, `unchanged`, `changes`, `started`, `in-sync`, `drifted`, `pending`, `failed` or `skipped`), `reason`, and the outputs of this table for its stack.',
  },
  'stack-set-id': { help: 'ID of the stack set.' },
  'stack-set-instances': {
    help: 'Status of the instances of a stack set, or what `mode: preview` would do, as a JSON object with keys of the form `account/Region`.',
  },
  'operation-ids': { help: 'IDs of the stack set operations of this run, as a JSON list.' },
  'console-url': { help: 'URL of the stack in the AWS Management Console.' },
} as const;
