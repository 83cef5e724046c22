package io.myelin.accesslog;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * What lines say that is the same for every record.
 *
 * @param hostName of this machine
 * @param processId of this process
 * @param openConnections of all listeners; asked by the writer only
 */
record Surroundings(String hostName, long processId, LongSupplier openConnections) {
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    static Surroundings ofThisProcess(LongSupplier openConnections) {
        return new Surroundings(nameOfThisHost(), ProcessHandle.current().pid(), openConnections);
    }

    /** Asks the kernel where it can, because the library asks name servers. */
    private static String nameOfThisHost() {
        try {
            return Files.readString(KERNEL_HOST_NAME).strip();
        } catch (IOException noSuchKernel) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                // A host that does not know its own name is not worth failing for.
                return "localhost";
            }
        }
    }
}
