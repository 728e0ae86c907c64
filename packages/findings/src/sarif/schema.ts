import { z } from 'zod';

// Only the fields that are read, in loose objects: SARIF allows many more, and scanners write further ones. The fields
// that are read are validated strictly, so that no finding is misread.
const message = z.looseObject({
  text: z.string().optional(),
  markdown: z.string().optional(),
  id: z.string().optional(),
  arguments: z.array(z.string()).optional(),
});

const propertyBag = z.looseObject({ tags: z.array(z.string()).optional() });

const artifactLocation = z.looseObject({
  uri: z.string().optional(),
  uriBaseId: z.string().optional(),
  index: z.int().min(-1).optional(),
});

const level = z.enum(['none', 'note', 'warning', 'error']);

const rule = z.looseObject({
  id: z.string(),
  guid: z.string().optional(),
  deprecatedIds: z.array(z.string()).optional(),
  name: z.string().optional(),
  shortDescription: message.optional(),
  fullDescription: message.optional(),
  help: message.optional(),
  helpUri: z.string().optional(),
  messageStrings: z.record(z.string(), message).optional(),
  defaultConfiguration: z.looseObject({ level: level.optional() }).optional(),
  properties: propertyBag.optional(),
});

const component = z.looseObject({
  name: z.string(),
  guid: z.string().optional(),
  rules: z.array(rule).optional(),
  notifications: z.array(rule).optional(),
  globalMessageStrings: z.record(z.string(), message).optional(),
});

const reference = z.looseObject({
  id: z.string().optional(),
  guid: z.string().optional(),
  index: z.int().min(-1).optional(),
  toolComponent: z
    .looseObject({
      guid: z.string().optional(),
      name: z.string().optional(),
      index: z.int().min(-1).optional(),
    })
    .optional(),
});

const line = z.int().min(1).optional();

const region = z.looseObject({ startLine: line, endLine: line, startColumn: line, endColumn: line });

const location = z.looseObject({
  physicalLocation: z
    .looseObject({ artifactLocation: artifactLocation.optional(), region: region.optional() })
    .optional(),
});

const suppression = z.looseObject({
  kind: z.enum(['inSource', 'external']),
  // Drafts of 2.1.0 call it `state`, and some scanners still do.
  status: z.enum(['accepted', 'underReview', 'rejected']).optional(),
  state: z.enum(['accepted', 'underReview', 'rejected']).optional(),
  justification: z.string().optional(),
});

/** A result; only the fields that are read. */
export const sarifResult = z.looseObject({
  ruleId: z.string().optional(),
  ruleIndex: z.int().min(-1).optional(),
  rule: reference.optional(),
  kind: z.enum(['notApplicable', 'pass', 'fail', 'review', 'open', 'informational']).optional(),
  level: level.optional(),
  message,
  locations: z.array(location).optional(),
  guid: z.string().optional(),
  provenance: z.looseObject({ invocationIndex: z.int().min(-1).optional() }).optional(),
  fingerprints: z.record(z.string(), z.string()).optional(),
  partialFingerprints: z.record(z.string(), z.string()).optional(),
  suppressions: z.array(suppression).nullish(),
  baselineState: z.enum(['new', 'unchanged', 'updated', 'absent']).optional(),
  properties: propertyBag.optional(),
});

const notification = z.looseObject({
  level: level.optional(),
  message: message.optional(),
  descriptor: reference.optional(),
});

const configurationOverride = z.looseObject({
  descriptor: reference.optional(),
  configuration: z.looseObject({ level: level.optional() }).optional(),
});

const invocation = z.looseObject({
  executionSuccessful: z.boolean(),
  workingDirectory: artifactLocation.optional(),
  ruleConfigurationOverrides: z.array(configurationOverride).optional(),
  toolExecutionNotifications: z.array(notification).optional(),
  toolConfigurationNotifications: z.array(notification).optional(),
});

/** A reference to parts of a run that are kept elsewhere. */
const externalFile = z.looseObject({ guid: z.string().optional() });

const externalFiles = z.looseObject({
  driver: externalFile.optional(),
  extensions: z.array(externalFile).optional(),
  invocations: z.array(externalFile).optional(),
  artifacts: z.array(externalFile).optional(),
  results: z.array(externalFile).optional(),
});

/** `splitLog` replaces results with their positions. */
const resultPositions = z.array(z.int());

const artifact = z.looseObject({ location: artifactLocation.optional() });

const run = z.looseObject({
  tool: z.looseObject({ driver: component, extensions: z.array(component).optional() }),
  automationDetails: z.looseObject({ id: z.string().optional(), guid: z.string().optional() }).optional(),
  invocations: z.array(invocation).optional(),
  externalPropertyFileReferences: externalFiles.optional(),
  versionControlProvenance: z.array(z.looseObject({ revisionId: z.string().optional() })).optional(),
  originalUriBaseIds: z.record(z.string(), artifactLocation).optional(),
  artifacts: z.array(artifact).optional(),
  results: resultPositions.nullish(),
});

/** Parts of a run that the log keeps beside it. */
const externalProperties = z.looseObject({
  guid: z.string().optional(),
  runGuid: z.string().optional(),
  driver: component.optional(),
  extensions: z.array(component).optional(),
  invocations: z.array(invocation).optional(),
  artifacts: z.array(artifact).optional(),
  results: resultPositions.optional(),
});

/** The parts of a SARIF log that are read, without its results. */
export const sarifLog = z.looseObject({
  version: z.literal('2.1.0'),
  runs: z.array(run),
  inlineExternalProperties: z.array(externalProperties).optional(),
  properties: propertyBag.optional(),
});

export type SarifLog = z.output<typeof sarifLog>;
export type SarifExternalProperties = z.output<typeof externalProperties>;
export type SarifLevel = z.output<typeof level>;
export type SarifComponent = z.output<typeof component>;
export type SarifReference = z.output<typeof reference>;
export type SarifNotification = z.output<typeof notification>;
export type SarifRun = z.output<typeof run>;
export type SarifRule = z.output<typeof rule>;
export type SarifResult = z.output<typeof sarifResult>;
export type SarifMessage = z.output<typeof message>;
export type SarifArtifactLocation = z.output<typeof artifactLocation>;
