import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { isLosslessNumber, parse, stringify } from 'lossless-json';
import type { ExportedVariable } from '../variables/exported-variable.js';
import { type NameTransformation, toVariableName } from '../variables/variable-name.js';

/** How a secret becomes variables. */
export interface ExpansionOptions {
  /** `members`: a variable for each member of a JSON object. */
  readonly form: 'whole' | 'members';
  readonly transformation: NameTransformation;
}

/** Members of a JSON object; undefined for any other text. Numbers keep their digits: `1.10`, `12345678901234567890`. */
const parseMembers = (content: string): readonly (readonly [string, unknown])[] | undefined => {
  try {
    // As in JSON.parse, the last of several members of the same name applies.
    const document = parse(content, undefined, { onDuplicateKey: ({ newValue }) => newValue });
    return isRecord(document) && !isLosslessNumber(document) ? Object.entries(document) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * The variables of a secret: one, or with `members` one for each member of a JSON object, nested ones included.
 * @param prefix before the names of members
 */
export const expandSecret = (
  secret: ExportedVariable,
  { form, transformation }: ExpansionOptions,
  prefix = `${secret.name}_`,
): readonly ExportedVariable[] => {
  const members = form === 'members' ? parseMembers(secret.value) : undefined;
  if (members === undefined) return [secret];
  return members.flatMap(([key, value]) => {
    const memberValue = typeof value === 'string' ? value : (stringify(value) ?? '');
    const name = `${prefix}${toVariableName(key, transformation)}`;
    return expandSecret({ ...secret, name, value: memberValue }, { form, transformation });
  });
};
