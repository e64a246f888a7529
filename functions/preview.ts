import { answerJson, type Route } from './http.ts';
import { previewView } from './export-now.ts';
import { readFlag } from './query.ts';

/** What a run would be, as it was found last; asking often costs nothing. */
export const preview: Route = {
  name: 'preview',
  method: 'GET',
  path: 'preview',
  scope: 'viewer',
  async handler({ query }, app) {
    const withPeople = readFlag(query, 'who') ?? true;
    const { value, ...rest } = await app.preview();
    if (!value) return answerJson({ ...rest, preview: null });
    const { findings, ...view } = previewView(value);
    const findingCount = findings.length;
    if (withPeople) return answerJson({ ...rest, preview: { ...view, findings, findingCount } });
    const { persons, roles } = view.effect;
    return answerJson({ ...rest, preview: { ...view, effect: { persons, roles }, findings: [], findingCount } });
  },
};
