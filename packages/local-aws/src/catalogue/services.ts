import { appconfig, appconfigdata } from './appconfig.js';
import { ApiModel } from './catalogue.js';
import { cloudformation } from './cloudformation.js';
import { cloudwatch } from './cloudwatch.js';
import { codeguruReviewer } from './codeguru-reviewer.js';
import { ecr } from './ecr.js';
import { ecrPublic } from './ecr-public.js';
import { health } from './health.js';
import { iam } from './iam.js';
import { inspector2 } from './inspector2.js';
import { s3 } from './s3.js';
import { secretsmanager } from './secretsmanager.js';
import { ssm } from './ssm.js';
import { sts } from './sts.js';

/** Every service that local AWS can tell apart; a new one is added here. */
export const createApiModel = (): ApiModel =>
  new ApiModel([
    sts,
    iam,
    cloudformation,
    s3,
    secretsmanager,
    health,
    ssm,
    cloudwatch,
    appconfig,
    appconfigdata,
    ecr,
    ecrPublic,
    codeguruReviewer,
    inspector2,
  ]);
