import { GetHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import type { AppConfig } from '../appconfig/client.js';
import type { Deployment } from '../appconfig/deployments.js';
import { type HostedProfileRef, type HostedVersion, listVersions, type ProfileType } from '../appconfig/resources.js';
import { isNotFound } from '../appconfig/service-error.js';
import { type Content, parseDeployedContent } from '../desired/documents/content.js';
import { decodeUtf8 } from '../desired/workspace-files.js';

/** The number of a version that a deployment names by number or label; undefined for another version. */
const findVersionNumber = async (
  appConfig: AppConfig,
  profileRef: HostedProfileRef,
  version: string,
): Promise<number | undefined> => {
  if (/^\d+$/.test(version)) return Number(version);
  return (await listVersions(appConfig, profileRef)).find(({ label }) => label === version)?.number;
};

/**
 * Whether the hosted version of a deployment exists: it may have been deleted by hand. It usually is on the first page
 * of the list.
 */
export const hasDeployedVersion = async (
  appConfig: AppConfig,
  applicationId: string,
  { profileId, version }: Pick<Deployment, 'profileId' | 'version'>,
): Promise<boolean> => {
  const profileRef = { applicationId, profileId };
  const isDeployed = ({ number, label }: HostedVersion): boolean => String(number) === version || label === version;
  const newest = await listVersions(appConfig, profileRef, { firstPageOnly: true });
  return newest.some(isDeployed) || (await listVersions(appConfig, profileRef)).some(isDeployed);
};

/**
 * Reads the hosted version of a deployment. Undefined for a version that was deleted, for one of an external source, and
 * for content that is not UTF-8 or does not parse as its content type.
 */
export const readDeployedContent = async (
  appConfig: AppConfig,
  applicationId: string,
  { profileId, version }: Pick<Deployment, 'profileId' | 'version'>,
  type: ProfileType,
): Promise<Content | undefined> => {
  const number = await findVersionNumber(appConfig, { applicationId, profileId }, version);
  if (number === undefined) return undefined;
  const found = await appConfig.client
    .send(
      new GetHostedConfigurationVersionCommand({
        ApplicationId: applicationId,
        ConfigurationProfileId: profileId,
        VersionNumber: number,
      }),
    )
    .catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  if (found === undefined) return undefined;
  const { Content: bytes = new Uint8Array(), ContentType: contentType = '' } = found;
  const text = decodeUtf8(bytes);
  return text === undefined ? undefined : parseDeployedContent(text, contentType, type);
};
