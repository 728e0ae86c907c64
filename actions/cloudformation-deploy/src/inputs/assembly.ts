import { boolean, choice, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Cloud assembly';

export const assemblyInputs = {
  assembly: string({
    group,
    help: 'Cloud assembly to run `mode` on, in place of `name` and `template`: the output directory of `cdk synth`, such as `cdk.out`, or a tar archive of it.',
  }),
  'assembly-stacks': list({
    group,
    default: [],
    help: 'Stacks of the assembly: patterns of display names, as in the AWS CDK (`Prod/*`; `*` matches one part of a path, `**` any number), or, where no display name matches, of artifact IDs or stack names. The stacks that they depend on are included. Default: all stacks.',
  }),
  exclusively: boolean({
    group,
    default: false,
    help: 'With `true`, the stacks that `assembly-stacks` depend on are not included.',
  }),
  'role-fallback': choice(
    'fail',
    'warn',
  )({
    group,
    default: 'fail',
    help: 'What to do if a role of the assembly cannot be assumed: `fail`, or log a warning (`warn`) and use the credentials of the step, if they belong to the account of the stack.',
  }),
  'delete-empty-stacks': boolean({
    group,
    default: false,
    help: 'With `true`, a deploy deletes stacks whose template in the assembly has no resources. With `false`, such a stack is an error if it exists.',
  }),
} as const;
