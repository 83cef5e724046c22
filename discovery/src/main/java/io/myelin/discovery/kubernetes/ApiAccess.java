package io.myelin.discovery.kubernetes;

import io.myelin.discovery.polling.PollException;

/** Finds the API server anew for each request: tokens and certificates change while a process runs. */
@FunctionalInterface
interface ApiAccess {
    /** Returns the server as it is reached now; on the loop. */
    ApiServer open() throws PollException;
}
