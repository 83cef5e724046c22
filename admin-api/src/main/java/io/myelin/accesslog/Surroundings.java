package io.myelin.accesslog;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.LongSupplier;

/**
 * What lines say that is the same for every record.
 *
 * @param hostName of this machine
 * @param processId of this process
 * @param openConnections of all listeners; asked by the writer only
 */
record Surroundings(String hostName, long processId, LongSupplier openConnections) {
    static Surroundings ofThisProcess(LongSupplier openConnections) {
        return new Surroundings(nameOfThisHost(), ProcessHandle.current().pid(), openConnections);
    }

    private static String nameOfThisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host that does not know its own name is not worth failing for.
            return "localhost";
        }
    }
}
