/** What every answer has in its head. */
export const answerHeaders = { 'x-request-id': { $ref: '#/components/headers/RequestId' } };

/** The headers that the document describes once. */
export const headerComponents = {
  RequestId: {
    description: 'The same id stands in the log and in the audit entry.',
    schema: { type: 'string', format: 'uuid' },
  },
};
