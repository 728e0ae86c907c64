import { boolean, choices, lines, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Template';

export const templateInputs = {
  template: string({
    group,
    help: 'The template: a path in the workspace, an https URL of an S3 object, `s3://bucket/key`, or `previous` for the one the stack has.',
  }),
  capabilities: choices(
    'CAPABILITY_IAM',
    'CAPABILITY_NAMED_IAM',
    'CAPABILITY_AUTO_EXPAND',
  )({
    group,
    default: ['CAPABILITY_IAM'],
    help: 'What you acknowledge that the template may do. What it needs beyond that is an error that names the resources, before any call.',
  }),
  package: boolean({
    group,
    default: true,
    help: 'Upload local artifacts that the template refers to (Lambda code, layers, nested templates, OpenAPI files), as `aws cloudformation package` does.',
  }),
  's3-bucket': string({
    group,
    help: 'Bucket for templates and artifacts. A template goes there when it has artifacts, when it is larger than 51,200 bytes, or whenever this input is given. Without it, a private, encrypted bucket of the account is used when one is needed, and made when it is missing.',
  }),
  's3-bucket-owner': string({
    group,
    help: 'Account that `s3-bucket` belongs to, where it is not the one that is deployed to: twelve digits. S3 refuses an upload to anybody else’s bucket.',
  }),
  's3-prefix': string({
    group,
    help: 'Prefix of the keys in that bucket.',
  }),
  'kms-key-id': string({
    group,
    help: 'KMS key for what is uploaded. Without it, the bucket’s own default.',
  }),
} as const;

const parameters = 'Parameters';

export const parameterInputs = {
  parameters: string({
    group: parameters,
    help: 'Parameter values: `key=value` separated by commas or line ends (quotes around a value with commas; a key given twice makes a list), JSON (an object, or the AWS CLI’s list) or YAML; or `file://path`, `s3://bucket/key` or the https URL of an S3 object with them. They win over `parameter-files`.',
    aliases: { 'parameter-overrides': '%' },
  }),
  'parameter-files': lines({
    group: parameters,
    help: 'Files with parameter values, a later one winning over an earlier one: the AWS CLI’s list, CodePipeline’s template configuration (tags and stack policy too), or a flat JSON or YAML map.',
  }),
  'reset-parameters': boolean({
    group: parameters,
    default: false,
    help: 'Parameters that are not mentioned go back to the template’s defaults. Otherwise they keep the value the stack has.',
  }),
} as const;
