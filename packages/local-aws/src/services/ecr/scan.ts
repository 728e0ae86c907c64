import type { Document } from '../../api-call.js';
import { getPage } from '../../pagination.js';
import { readDocument } from '../../protocols/document.js';
import { serviceError } from '../../service-error.js';
import { DAY_MS } from '../../time/duration.js';
import type { Image, Repository, RepositoryCall } from './repository.js';
import type { EcrScenario } from './scenario.js';

type Scanning = EcrScenario['scanning'];
type Finding = Scanning['findings'][number];

const PAGE = { token: 'nextToken', size: 'maxResults', defaultSize: 1000 };

/** Whether an image is an index, which is never scanned (docs/aws-facts.md §5.4). */
export const isIndex = ({ mediaType }: Image): boolean => /image\.index|manifest\.list/.test(mediaType);

/** The scenario's findings for an image. */
export const filterFindings = ({ findings }: Scanning, { digest }: Image): readonly Finding[] =>
  findings.filter(({ image }) => image === undefined || image === digest);

const describeFinding = ({ id, severity, package: name, version }: Finding): Document => ({
  name: id,
  severity,
  uri: `https://cve.example/${id}`,
  description: `A vulnerability in ${name}`,
  attributes: [
    { key: 'package_name', value: name },
    { key: 'package_version', value: version },
  ],
});

const getImage = ({ call: { input }, repository }: RepositoryCall): Image => {
  const { imageDigest, imageTag } = readDocument(input['imageId']);
  const image = repository.findImage(String(imageDigest ?? imageTag));
  if (image !== undefined) return image;
  const message = `The image does not exist within the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`;
  throw serviceError('ImageNotFoundException', message);
};

const getStartTime = ({ scans, settings }: Repository, { digest, pushedAt }: Image): number | undefined =>
  scans.get(digest) ?? (settings.scanOnPush ? pushedAt : undefined);

/** Basic scanning: a scan starts on push or with StartImageScan, at most once a day. */
export const createScanHandlers = ({ type, duration, ends, ...scanning }: Scanning) => ({
  StartImageScan: (repositoryCall: RepositoryCall): Document => {
    const { call, repository } = repositoryCall;
    if (type === 'ENHANCED') throw serviceError('ValidationException', 'This feature is disabled');
    const image = getImage(repositoryCall);
    if (isIndex(image)) throw serviceError('UnsupportedImageTypeException', 'The image type is not supported');
    const startedAt = getStartTime(repository, image);
    if (startedAt !== undefined && call.at < startedAt + DAY_MS) {
      const message = 'The scan quota per image has been exceeded. Wait and try again.';
      throw serviceError('LimitExceededException', message);
    }
    repository.scans.set(image.digest, call.at);
    return { imageScanStatus: { status: 'IN_PROGRESS' } };
  },
  DescribeImageScanFindings: (repositoryCall: RepositoryCall): Document => {
    const { call, repository } = repositoryCall;
    const image = getImage(repositoryCall);
    const startedAt = getStartTime(repository, image);
    if (startedAt === undefined && type === 'BASIC' && !isIndex(image)) {
      const message = `Image scan does not exist for the image with '${image.digest}'`;
      throw serviceError('ScanNotFoundException', message);
    }
    const basicStatus = call.at < (startedAt ?? 0) + duration ? 'IN_PROGRESS' : (ends ?? 'COMPLETE');
    const status = isIndex(image) ? 'UNSUPPORTED_IMAGE' : type === 'ENHANCED' ? 'ACTIVE' : basicStatus;
    const imageScanStatus = { status, description: `The scan is ${status}.` };
    if (status !== 'COMPLETE') return { imageScanStatus };
    const found = filterFindings({ type, duration, ends, ...scanning }, image);
    const { rows, nextToken } = getPage(call, found, PAGE);
    const severities = found.map(({ severity }) => severity);
    const counts = severities.map((severity) => [severity, severities.filter((each) => each === severity).length]);
    return {
      imageScanStatus,
      imageScanFindings: {
        findings: rows.map(describeFinding),
        findingSeverityCounts: Object.fromEntries(counts),
        imageScanCompletedAt: new Date((startedAt ?? 0) + duration),
      },
      nextToken,
    };
  },
});
