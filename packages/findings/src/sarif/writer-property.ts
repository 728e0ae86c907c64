/** Property of a SARIF log that names the action of this suite that wrote it. */
export const WRITER_PROPERTY = 'awsDelivery/writtenBy';

/** Property of a result whose location stands for none. */
export const PLACEHOLDER_PROPERTY = 'awsDelivery/placeholderLocation';
