import type { Inputs } from '../../action.js';
import type { AssemblyStack } from './read-assembly.js';

/** The bootstrap version whose deploy role may call RollbackStack. */
const ROLLBACK_VERSION = 23;

/** Bootstrap stacks name their deploy role like this; other roles may have more permissions. */
const isBootstrapRole = (arn: string | undefined): boolean => /:role\/.*-deploy-role-/u.test(arn ?? '');

/**
 * Warnings for inputs that need permissions which the deploy role of the bootstrap stack lacks.
 * @param version of the bootstrap stack; undefined if it is not known
 */
export const formatRoleWarnings = (
  { properties }: AssemblyStack,
  inputs: Inputs,
  version: number | undefined,
): readonly string[] => {
  if (!isBootstrapRole(properties.assumeRoleArn)) return [];
  const policies = [inputs['on-timeout'], inputs['on-cancel']];
  const cancels = policies.some((policy) => policy !== 'leave');
  const rollsBack =
    inputs['on-failure'] === 'preserve' || inputs['retry-attempts'] > 0 || policies.includes('rollback');
  const missing = [
    ...(cancels ? [['on-timeout or on-cancel', 'cloudformation:CancelUpdateStack']] : []),
    ...(inputs['stack-policy'] === undefined ? [] : [['stack-policy', 'cloudformation:SetStackPolicy']]),
    ...(rollsBack && version !== undefined && version < ROLLBACK_VERSION
      ? [['failure handling', 'cloudformation:RollbackStack']]
      : []),
  ];
  return missing.map(
    ([input, action]) =>
      `The deploy role of the bootstrap stack does not allow ${action}, which ${input} needs: add it`,
  );
};
