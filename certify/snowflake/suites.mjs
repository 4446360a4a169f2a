import { documentedAnswers } from './documented-answers.mjs';
import { locks } from './locks.mjs';
import { documentedRefusals } from './refusals.mjs';
import { roles } from './roles.mjs';
import { sessionDefaults } from './session-defaults.mjs';
import { stage } from './stage.mjs';
import { statementForms } from './statement-forms.mjs';
import { target } from './target.mjs';
import { uncertainCommit } from './uncertain-commit.mjs';
import { typesAndValues } from './values.mjs';

/** In the order in which they run: what everything else depends on comes first. */
export const SNOWFLAKE_SUITES = [
  sessionDefaults,
  documentedAnswers,
  documentedRefusals,
  typesAndValues,
  statementForms,
  stage,
  locks,
  uncertainCommit,
  target,
  roles,
];
