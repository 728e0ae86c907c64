/** Property of a SARIF log that names the action of this suite that wrote it. */
export const WRITER_PROPERTY = 'awsDelivery/writtenBy';
