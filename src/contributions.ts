/**
 * Every id that the manifest and the code share, typed and in one place: a command that is
 * forgotten here does not compile, and a test compares this file with package.json.
 */
export const Command = {
  internalizePolicy: "ingrain.internalizePolicy",
  synthesizeDataset: "ingrain.synthesizeDataset",
  showRuns: "ingrain.showRuns",
  compareRuns: "ingrain.compareRuns",
  openRunLog: "ingrain.openRunLog",
  openRunDataset: "ingrain.openRunDataset",
  openDataset: "ingrain.openDataset",
  showStatementRows: "ingrain.showStatementRows",
  showResultsOfRun: "ingrain.showResultsOfRun",
  whatToDoNext: "ingrain.whatToDoNext",
  goToStatement: "ingrain.goToStatement",
  cancelRun: "ingrain.cancelRun",
  resumeRun: "ingrain.resumeRun",
  treatAsPolicy: "ingrain.treatAsPolicy",
  stopTreatingAsPolicy: "ingrain.stopTreatingAsPolicy",
  revealRunFolder: "ingrain.revealRunFolder",
  revealStatement: "ingrain.revealStatement",
  compareWithGitVersion: "ingrain.compareWithGitVersion",
  refineStatements: "ingrain.refineStatements",
  exportDataset: "ingrain.exportDataset",
  setTeacherKey: "ingrain.setTeacherKey",
  removeTeacherKey: "ingrain.removeTeacherKey",
  revealSection: "ingrain.revealSection",
  revealStatementInView: "ingrain.revealStatementInView",
  groupBySection: "ingrain.groupStatementsBySection",
  groupByCategory: "ingrain.groupStatementsByCategory",
  filterStatements: "ingrain.filterStatements",
  clearFilter: "ingrain.clearStatementsFilter",
  chooseTokenizer: "ingrain.chooseTokenizer",
  showDecisionTree: "ingrain.showDecisionTree",
  copyDecisionTree: "ingrain.copyDecisionTree",
  generateBenchmark: "ingrain.generateBenchmark",
  chooseTrainingEngine: "ingrain.chooseTrainingEngine",
  setUpTraining: "ingrain.setUpTrainingEnvironment",
  serveModel: "ingrain.serveModel",
  stopServing: "ingrain.stopServing",
  askModel: "ingrain.askModel",
} as const;
export type Command = (typeof Command)[keyof typeof Command];

export const View = {
  statements: "ingrain.statements",
  datasets: "ingrain.datasets",
  runs: "ingrain.runs",
} as const;
export type View = (typeof View)[keyof typeof View];

/** Types of webview panels; VS Code restores a panel by its type. */
export const Panel = {
  runs: "ingrain.runPanel",
  dataset: "ingrain.datasetPanel",
} as const;
export type Panel = (typeof Panel)[keyof typeof Panel];

/** The type of the notebooks in which a model is asked. */
export const chatNotebook = "ingrain-chat";

/** The scheme of the documents that tell how a policy changed. */
export const comparisonScheme = "ingrain-comparison";

export const Setting = {
  policies: "ingrain.policies",
  readingModel: "ingrain.reading.model",
  refineBelow: "ingrain.reading.refineBelow",
  tokenizer: "ingrain.reading.tokenizer",
  hints: "ingrain.hints.enabled",
  bars: "ingrain.hints.bars",
  results: "ingrain.hints.results",
  lenses: "ingrain.hints.lenses",
  lint: "ingrain.lint.enabled",
  lintRules: "ingrain.lint.rules",
  dataSeed: "ingrain.data.seed",
  trainingSeed: "ingrain.training.seed",
  teacher: "ingrain.teachers.teacher",
  teacherBaseUrl: "ingrain.teachers.baseUrl",
  teacherModel: "ingrain.teachers.model",
  teacherConcurrency: "ingrain.teachers.concurrency",
  teacherInputPrice: "ingrain.teachers.inputPrice",
  teacherOutputPrice: "ingrain.teachers.outputPrice",
  engine: "ingrain.training.engine",
  reportTo: "ingrain.training.reportTo",
  model: "ingrain.training.model",
  python: "ingrain.training.python",
  method: "ingrain.training.method",
  stages: "ingrain.training.stages",
  device: "ingrain.onnx.device",
  target: "ingrain.training.target",
  rayAddress: "ingrain.ray.address",
  rayWorkers: "ingrain.ray.workers",
  rayStorage: "ingrain.ray.storage",
  servingPort: "ingrain.training.servingPort",
} as const;
export type Setting = (typeof Setting)[keyof typeof Setting];

/** Keys of `when` clauses, set by the code and read by the manifest. */
export const ContextKey = {
  /** The active editor shows Markdown, a policy or not. */
  markdownActive: "ingrain.markdownActive",
  /** The active editor shows a policy. */
  policyActive: "ingrain.policyActive",
  /** … and it is one because the user said so by command. */
  policyByCommand: "ingrain.policyByCommand",
  /** The Statements view groups by category, and not by section. */
  statementsByCategory: "ingrain.statementsByCategory",
  /** The Statements view shows what a filter leaves. */
  statementsFiltered: "ingrain.statementsFiltered",
  hasDatasets: "ingrain.hasDatasets",
  hasActiveRun: "ingrain.hasActiveRun",
  /** There are two runs or more. */
  hasRuns: "ingrain.hasRuns",
  hasResumableRun: "ingrain.hasResumableRun",
  /** There is a finished run: its model can be served and asked. */
  hasModel: "ingrain.hasModel",
  hasServedModel: "ingrain.hasServedModel",
} as const;
export type ContextKey = (typeof ContextKey)[keyof typeof ContextKey];

export const Color = {
  factual: "ingrain.factual",
  behavioral: "ingrain.behavioral",
  "simple-conditional": "ingrain.simpleConditional",
  "complex-conditional": "ingrain.complexConditional",
} as const;
export type Color = (typeof Color)[keyof typeof Color];
