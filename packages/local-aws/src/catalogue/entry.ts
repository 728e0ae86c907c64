import type { Demand, Document } from '../call.js';

/** What a demand is made from: the input, and where the call goes. */
export interface Asked {
  readonly input: Document;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
}

/** What is known of an operation, modelled or not: upstream calls are authorised by it too. */
export interface OperationEntry {
  /** True when the operation changes state. */
  readonly write: boolean;
  /** The IAM actions it needs, each on its resource; empty for unsigned and unrestricted operations. */
  readonly demands: (asked: Asked) => readonly Demand[];
}

/** What is known of a service without a model of it: how it is spoken to, and what its operations need. */
export interface ServiceEntry {
  /** As in `AWS_ENDPOINT_URL_<NAME>` and `--upstream name=URL`, in lower case. */
  readonly name: string;
  /** The service of the SigV4 credential scope, where it differs from the name (`monitoring`, `codeguru-reviewer`). */
  readonly signingName?: string;
  /** The prefix of its IAM actions, where it differs from the name. */
  readonly iamPrefix?: string;
  /** The SDK client package, whose schemas are read: `() => import('@aws-sdk/client-sts')`. */
  readonly load: () => Promise<object>;
  /** Operations that need more than the rule: `<prefix>:<Operation>` on `*`, reading when its name says so. */
  readonly operations: Readonly<Record<string, OperationEntry>>;
}
