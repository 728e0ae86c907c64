import type { Mapping } from './value.js';

/** A resource as the template declares it. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Mapping;
  readonly metadata: Mapping;
  /** Name of the condition under which it exists. */
  readonly condition: string | undefined;
  /** Logical ids of its explicit `DependsOn`. */
  readonly dependsOn: readonly string[];
  /** `Delete`, `Retain`, `Snapshot`, `RetainExceptOnCreate`; undefined where the template is silent or computes it. */
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
  /** The whole declaration, for attributes this interface has no name for. */
  readonly declaration: Mapping;
}
