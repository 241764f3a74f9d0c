/** Faults of a document with the lines of its file. */
import { ApiError, type Fault } from '../sdk/index.ts';
import type { WorkflowFile } from './document.ts';

/** `incident.yaml:14: nodes[2].config.url: what is wrong`. */
export function faultLine(file: WorkflowFile, fault: Fault): string {
  const line = file.lineOf(fault.path);
  return `${file.name}${line === undefined ? '' : `:${line}`}: ${fault.path}: ${fault.message}`;
}

/** The same refusal, its faults named by file and line. */
export function locate(thrown: unknown, file: WorkflowFile): unknown {
  if (!(thrown instanceof ApiError) || thrown.errors.length === 0) return thrown;
  const errors = thrown.errors.map((fault) => {
    const line = file.lineOf(fault.path);
    return { path: line === undefined ? fault.path : `line ${line}, ${fault.path}`, message: fault.message };
  });
  const detail = `${file.name} has ${errors.length === 1 ? 'a fault' : `${errors.length} faults`}:`;
  return new ApiError(thrown.code, thrown.status, detail, { errors, cause: thrown });
}
