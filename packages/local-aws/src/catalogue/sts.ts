import type { Demand, Document } from '../call.js';
import { isDocument } from '../wire/json.js';
import type { Asked, ServiceEntry } from './entry.js';

/** The condition keys of the tags that a session is asked for with. */
export const requestTags = (tags: Readonly<Record<string, string>>): NonNullable<Demand['context']> => ({
  ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
  ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
});

const tagsOf = ({ Tags: tags }: Document): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (Array.isArray(tags) ? tags : []).filter(isDocument).map(({ Key, Value }) => [Key, String(Value)]),
  );

const text = (value: unknown, key: string): Readonly<Record<string, string>> =>
  typeof value === 'string' ? { [key]: value } : {};

/** AssumeRole also needs TagSession and SetSourceIdentity for what it passes (STS, "passing session tags"). */
const assumeRole = ({ input }: Asked): readonly Demand[] => {
  const tags = tagsOf(input);
  const transitive = Array.isArray(input['TransitiveTagKeys']) ? input['TransitiveTagKeys'].map(String) : [];
  const context = {
    ...text(input['ExternalId'], 'sts:ExternalId'),
    ...text(input['RoleSessionName'], 'sts:RoleSessionName'),
    ...text(input['SourceIdentity'], 'sts:SourceIdentity'),
    ...(transitive.length > 0 && { 'sts:TransitiveTagKeys': transitive }),
    ...requestTags(tags),
  };
  const demand = (action: string): Demand => ({ action, resource: String(input['RoleArn']), context });
  return [
    demand('sts:AssumeRole'),
    ...(Object.keys(tags).length > 0 ? [demand('sts:TagSession')] : []),
    ...(typeof input['SourceIdentity'] === 'string' ? [demand('sts:SetSourceIdentity')] : []),
  ];
};

export const sts: ServiceEntry = {
  name: 'sts',
  protocol: 'aws-query',
  target: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  load: () => import('@aws-sdk/client-sts'),
  operations: {
    AssumeRole: { write: false, demands: assumeRole },
    // signed by nobody: the token in the input is judged by the service itself
    AssumeRoleWithWebIdentity: { write: false, demands: () => [], unsigned: true },
    // "no permissions are required", even against an explicit deny
    GetCallerIdentity: { demands: () => [] },
  },
};
