export { createProject, type ProjectKind, type CreateProjectOptions } from './create-project.js';
