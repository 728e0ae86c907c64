import { join } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { isMapping, parseDocument } from '@aws-delivery/action-kit/parse';
import { startingProfile } from './destination.js';
import { readText, writePrivate } from './private-file.js';
import type { Source } from './source.js';

/**
 * What the credential process needs to do again what this step did: variables as this step saw them. Keys and request
 * tokens are not among them; the process finds the request token where GitHub gives it to every step.
 */
export type Recipe = Readonly<Record<string, string>>;

const FILE = 'recipe.json';

/** Where the recipe lies; it is also the argument of the credential process. */
export const recipePath = (directory: string): string => join(directory, FILE);

/** Where later steps have other values, or where a step's own values must hold. */
const KEPT = ['GITHUB_WORKSPACE', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_STS', 'AWS_CA_BUNDLE', 'AWS_USE_FIPS_ENDPOINT'];

/** Inputs that have done their work, or must not be read by a later step. */
const SPENT = /^INPUT_(?:AWS-(?:ACCESS-KEY-ID|SECRET-ACCESS-KEY|SESSION-TOKEN)|SECRET-IDS|REFRESH|AWS-PROFILE)$/u;

/** A source is pinned: where a later step lacks the token, that is an error, and no reason to be somebody else. */
const pinned = (source: Source): Recipe => {
  if (source.kind !== 'token') return { 'INPUT_ROLE-CHAINING': 'true' };
  const { origin } = source;
  const token = { 'INPUT_TOKEN-SOURCE': origin.kind };
  return origin.kind === 'file' ? { ...token, 'INPUT_WEB-IDENTITY-TOKEN-FILE': origin.path } : token;
};

/** Makes the recipe of this step. */
export const recipeOf = (variables: Variables, source: Source): Recipe => {
  const kept = Object.entries(variables).flatMap(([name, value]) =>
    value !== undefined && (KEPT.includes(name) || (name.startsWith('INPUT_') && !SPENT.test(name)))
      ? [[name, value]]
      : [],
  );
  return { ...Object.fromEntries(kept), ...pinned(source), PROFILE: startingProfile(variables) };
};

export const saveRecipe = (recipe: Recipe, directory: string): Promise<void> =>
  writePrivate(recipePath(directory), JSON.stringify(recipe));

/** Reads a recipe. Throws `not-found` where the job that left it is over. */
export const loadRecipe = async (path: string): Promise<Recipe> => {
  const text = await readText(path);
  if (text === undefined) {
    throw new DeliveryError(
      'not-found',
      `${path} is gone: the step that made this profile belongs to a job that is over`,
    );
  }
  const recipe = parseDocument(text);
  const entries = Object.entries(isMapping(recipe) ? recipe : {});
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
};
