import type { Place } from '@aws-delivery/action-kit/log';
import type { Template } from '@aws-delivery/template/template';
import type { Capability, Parameter, Tag } from '@aws-sdk/client-cloudformation';
import type { MaterialWish } from './request.js';
import type { Stack } from './stack.js';
import type { StackPolicy } from './stack-policy.js';
import type { TemplateArgument } from './template-source.js';

/** What a change set is made of. */
export interface Material {
  readonly kind: 'ready';
  readonly source: TemplateArgument;
  readonly template: Template;
  /** The template as it is seen from the workspace, where it is a file. */
  readonly file: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly tags: readonly Tag[] | undefined;
  readonly capabilities: readonly Capability[];
  /** Where a file with parameters has one. */
  readonly stackPolicy: StackPolicy | undefined;
  /** Lines for the log. */
  readonly notes: readonly string[];
}

/** Something in template, parameters or capabilities that AWS would refuse, found before any call. */
export interface Fault {
  readonly message: string;
  readonly place: Place;
}

export interface FaultyMaterial {
  readonly kind: 'faulty';
  readonly faults: readonly Fault[];
}

/** Makes template, parameters and tags ready. */
export interface MaterialSource {
  /** @param stack what previous values are taken from; undefined when the stack is to be created */
  prepare(wish: MaterialWish, stack: Stack | undefined): Promise<Material | FaultyMaterial>;
}
