export type Handler = never; export type HandlerContext = never; export type Health = never; export type WorkerEvents = never; export type WorkerOptions = never
