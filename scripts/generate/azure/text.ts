import type { Definition, Input } from '@aws-delivery/action-kit/inputs/definition';
import { toAzureName } from '@aws-delivery/node-runner/host/azure-names';
import { KIND_NOTES } from '../action-yml.js';

/** Spelling of abbreviations in labels. */
const abbreviations: Readonly<Record<string, string>> = {
  arn: 'ARN',
  arns: 'ARNs',
  aws: 'AWS',
  http: 'HTTP',
  id: 'ID',
  ids: 'IDs',
  json: 'JSON',
  kms: 'KMS',
  oidc: 'OIDC',
  s3: 'S3',
  sarif: 'SARIF',
  sts: 'STS',
  url: 'URL',
};

/** The label of an input in the task editor: `on-failure` → "On failure", `kms-key-id` → "KMS key ID". */
export const formatLabel = (name: string): string => {
  const text = name
    .split('-')
    .map((word) => abbreviations[word] ?? word)
    .join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
};

/** Replaces the names of inputs and outputs in backticks with those on Azure DevOps. */
export const convertToAzureTerms = (text: string, { inputs, outputs }: Definition): string =>
  text.replaceAll(/`([a-z][a-z0-9-]*)(: [^`]*)?`/g, (quoted, name: string, value = '') =>
    name in inputs || name in outputs ? `\`${toAzureName(name)}${value}\`` : quoted,
  );

/**
 * The help text of an input in the task editor.
 * @param fallback the default to mention; empty if a control shows it
 */
export const formatHelp = (input: Input<unknown>, fallback: string, definition: Definition): string => {
  const form = input.choices.length > 0 || input.kind === 'boolean' ? '' : KIND_NOTES[input.kind](input);
  const sentences = [
    input.help,
    form === '' ? '' : `${form.charAt(0).toUpperCase()}${form.slice(1)}.`,
    fallback === '' ? '' : `Default: \`${fallback}\`.`,
  ];
  return convertToAzureTerms(sentences.filter((sentence) => sentence !== '').join(' '), definition);
};
