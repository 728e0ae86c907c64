import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { listPackagedProperties } from './local-references.js';
import { resolveLocalPath } from './packaging-plan.js';
import type { SourceReader } from './source-reader.js';
import type { TemplateSource } from './template-source.js';

/** `Property: value` on one line, in YAML or JSON. */
const ASSIGNMENT = /["']?(\w{1,255})["']?[ \t]{0,64}:[ \t]{0,64}["']?([^\s"',{}[\]]{1,1024})/gu;

const findLocalPath = (templateSource: TemplateSource, workspace: string): string | undefined => {
  const directory = templateSource.kind === 'file' ? dirname(templateSource.path) : workspace;
  const properties = new Set(listPackagedProperties().map(({ property }) => property.at(-1)));
  for (const [, property = '', value = ''] of templateSource.body.matchAll(ASSIGNMENT)) {
    if (properties.has(property) && existsSync(resolveLocalPath(directory, value))) return value;
  }
  return undefined;
};

/**
 * A template that cannot be read is sent as it is, unless its text seems to refer to local artifacts, which only a
 * readable template can have packaged.
 * @throws DeliveryError `invalid-input`
 */
export const assertNothingToPackage = (templateSource: TemplateSource, sourceReader: SourceReader): void => {
  if (!templateSource.template.isUnread) return;
  const localPath = findLocalPath(templateSource, sourceReader.workspace);
  if (localPath === undefined) return;
  const [{ message = '', position = undefined } = {}] = templateSource.template.warnings;
  const location = position === undefined ? templateSource.name : `${templateSource.name}:${position.line}`;
  const hint = 'Correct the template, or set package: false';
  throw new DeliveryError(
    'invalid-input',
    `${location}: ${message}. It refers to the local path '${localPath}'. ${hint}`,
  );
};
