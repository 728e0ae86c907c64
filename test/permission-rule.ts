/**
 * A rule of local AWS's scenario: resources of the type fail unless the caller, or the stack's service role, may
 * perform the IAM action. AWS checks this itself; local AWS knows no permissions of resource types.
 */
export const createPermissionRule = (type: string, action: string) => ({
  on: { type, lacking: { action } },
  fail: { reason: `not authorized to perform: ${action}` },
});
