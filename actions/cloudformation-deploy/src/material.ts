import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { parseMapping } from '@aws-delivery/action-kit/parse';
import { checkParameters } from '@aws-delivery/template/constraint';
import { parseTemplate, type Template } from '@aws-delivery/template/template';
import type { Capability, Parameter, Tag } from '@aws-sdk/client-cloudformation';
import type { MaterialWish } from './request.js';
import type { Stack } from './stack.js';

/** What a change set is made of. */
export interface Material {
  readonly source:
    | { readonly TemplateBody: string }
    | { readonly TemplateURL: string }
    | { readonly UsePreviousTemplate: true };
  /** The template as far as it can be read here. */
  readonly template: Template | undefined;
  /** Its path, where it is a file of the workspace. */
  readonly file: string | undefined;
  readonly parameters: Parameter[];
  readonly tags: Tag[] | undefined;
  readonly capabilities: Capability[];
  readonly notes: readonly string[];
}

/** Makes template, parameters and tags ready, for a stack as it stands. */
export interface MaterialSource {
  prepare(wish: MaterialWish, stack: Stack | undefined): Promise<Material>;
}

const readTemplate = (path: string, workspace: string): string => {
  try {
    return readFileSync(resolve(workspace, path), 'utf8');
  } catch (cause) {
    throw new DeliveryError('invalid-input', `template '${path}' cannot be read: ${textOf(cause)}`, { cause });
  }
};

const parametersFor = (template: Template, wish: MaterialWish, stack: Stack | undefined): Parameter[] => {
  const given = new Map(Object.entries(parseMapping(wish.parameters ?? '')));
  const kept = new Set(
    wish.isReset
      ? []
      : [...(stack?.parameters.keys() ?? [])].filter((name) => template.parameters.has(name) && !given.has(name)),
  );
  const [fault] = checkParameters(template, given, kept);
  if (fault !== undefined) throw new DeliveryError('invalid-input', fault.message);
  return [
    ...[...given].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    ...[...kept].map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
  ];
};

/** Material from the workspace. */
export const createMaterialSource = (workspace: string): MaterialSource => ({
  prepare: async (wish, stack) => {
    const text = readTemplate(wish.template, workspace);
    const template = parseTemplate(text);
    return {
      source: { TemplateBody: text },
      template,
      file: wish.template,
      parameters: parametersFor(template, wish, stack),
      tags: wish.tags === undefined ? undefined : Object.entries(wish.tags).map(([Key, Value]) => ({ Key, Value })),
      capabilities: wish.capabilities as Capability[],
      notes: [],
    };
  },
});
