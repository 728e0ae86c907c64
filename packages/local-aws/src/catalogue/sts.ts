import type { Demand, Document } from '../call.js';
import { isDocument } from '../wire/json.js';
import type { Asked, ServiceEntry } from './entry.js';

const tagKeys = (input: Document): Readonly<Record<string, string>> => {
  const tags = Array.isArray(input['Tags']) ? input['Tags'].filter(isDocument) : [];
  return Object.fromEntries(tags.map((tag) => [String(tag['Key']), String(tag['Value'])]));
};

const text = (value: unknown, key: string): Readonly<Record<string, string>> =>
  typeof value === 'string' ? { [key]: value } : {};

/** AssumeRole also needs TagSession and SetSourceIdentity for what it passes (STS, "passing session tags"). */
const assumeRole = ({ input }: Asked): readonly Demand[] => {
  const tags = tagKeys(input);
  const keys = Object.keys(tags);
  const transitive = Array.isArray(input['TransitiveTagKeys']) ? input['TransitiveTagKeys'].map(String) : [];
  const context = {
    ...text(input['ExternalId'], 'sts:ExternalId'),
    ...text(input['RoleSessionName'], 'sts:RoleSessionName'),
    ...text(input['SourceIdentity'], 'sts:SourceIdentity'),
    ...(keys.length > 0 && { 'aws:TagKeys': keys }),
    ...(transitive.length > 0 && { 'sts:TransitiveTagKeys': transitive }),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
  const demand = (action: string): Demand => ({ action, resource: String(input['RoleArn']), context });
  return [
    demand('sts:AssumeRole'),
    ...(keys.length > 0 ? [demand('sts:TagSession')] : []),
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
