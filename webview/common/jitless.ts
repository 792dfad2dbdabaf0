import { z } from "zod";

// Imported before any schema is made: the content security policy forbids the code that zod would
// generate, and even its attempt is reported.
z.config({ jitless: true });
