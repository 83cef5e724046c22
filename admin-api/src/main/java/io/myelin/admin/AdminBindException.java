package io.myelin.admin;

import io.myelin.server.BindAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The admin listener cannot listen where it was told to; the message says where, why and which settings decide. */
public final class AdminBindException extends Exception {
    private static final long serialVersionUID = 1L;

    AdminBindException(BindAddress address, String reason, @Nullable Throwable cause) {
        super(
                "admin listener " + address + ": " + inMidSentence(reason)
                        + " (expected: a free address; set admin.address or MYELIN_ADMIN_ADDRESS)",
                cause);
    }

    private static String inMidSentence(String reason) {
        return reason.isEmpty() ? "unknown" : reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }
}
