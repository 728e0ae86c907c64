import type { AnnotationProperties } from '@aws-delivery/action-kit/host/log';
import type { Template } from '@aws-delivery/template/template';
import type { Capability, Parameter, Tag } from '@aws-sdk/client-cloudformation';
import type { StackInputOptions } from '../inputs/request.js';
import type { Stack } from '../stack/stack.js';
import type { StackPolicy } from '../stack/stack-policy.js';
import type { TemplateArgument } from './template-source.js';

/** What a change set is made of. */
export interface StackInputs {
  readonly kind: 'ready';
  readonly templateArgument: TemplateArgument;
  readonly template: Template;
  /** The template as it is seen from the workspace, where it is a file. */
  readonly templateFile: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly tags: readonly Tag[] | undefined;
  readonly capabilities: readonly Capability[];
  /** Where a file with parameters has one. */
  readonly stackPolicy: StackPolicy | undefined;
  /** Lines for the log. */
  readonly notes: readonly string[];
}

/** Something in template, parameters or capabilities that AWS would refuse, found before any call. */
export interface ValidationIssue {
  readonly message: string;
  readonly location: AnnotationProperties;
}

export interface InvalidStackInputs {
  readonly kind: 'invalid';
  readonly issues: readonly ValidationIssue[];
}

/** Makes template, parameters and tags ready. */
export interface InputLoader {
  /** @param stack what previous values are taken from; undefined when the stack is to be created */
  load(options: StackInputOptions, stack: Stack | undefined): Promise<StackInputs | InvalidStackInputs>;
}
