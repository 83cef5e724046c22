package io.myelin.log;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a {@link LogFormat} can show of a record, under HAProxy's names (its manual, section 8.2.6). */
public enum LogVariable {
    CLIENT_ADDRESS("ci"),
    CLIENT_PORT("cp"),
    FRONTEND_ADDRESS("fi"),
    FRONTEND_PORT("fp"),
    MEMBER_ADDRESS("si"),
    MEMBER_PORT("sp"),
    FRONTEND("f"),
    FRONTEND_TRANSPORT("ft"),
    BACKEND("b"),
    SERVER("s"),
    ACCEPT_DATE("t"),
    ACCEPT_DATE_GMT("T"),
    ACCEPT_DATE_LOCAL("Tl"),
    REQUEST_DATE("tr"),
    REQUEST_DATE_GMT("trg"),
    REQUEST_DATE_LOCAL("trl"),
    EPOCH_SECONDS("Ts"),
    MILLISECONDS("ms"),
    HANDSHAKE_TIME("Th"),
    HEAD_TIME("TR"),
    HEAD_TIME_BEFORE("Tq"),
    QUEUE_TIME("Tw"),
    CONNECT_TIME("Tc"),
    RESPONSE_TIME("Tr"),
    DATA_TIME("Td"),
    ACTIVE_TIME("Ta"),
    TOTAL_TIME("Tt"),
    USER_TIME("Tu"),
    STATUS("ST"),
    BYTES_READ("B"),
    BYTES_UPLOADED("U"),
    REQUEST_COOKIE("CC"),
    RESPONSE_COOKIE("CS"),
    TERMINATION("ts"),
    TERMINATION_WITH_COOKIE("tsc"),
    PROCESS_CONNECTIONS("ac"),
    FRONTEND_CONNECTIONS("fc"),
    BACKEND_CONNECTIONS("bc"),
    SERVER_CONNECTIONS("sc"),
    RETRIES("rc"),
    SERVER_QUEUE("sq"),
    BACKEND_QUEUE("bq"),
    REQUEST_HEADERS("hr"),
    REQUEST_HEADER_LIST("hrl"),
    RESPONSE_HEADERS("hs"),
    RESPONSE_HEADER_LIST("hsl"),
    REQUEST_LINE("r"),
    METHOD("HM"),
    TARGET("HU"),
    PATH("HP"),
    PATH_ONLY("HPO"),
    QUERY("HQ"),
    VERSION("HV"),
    REQUEST_ID("ID"),
    HOST_NAME("H"),
    PROCESS_ID("pid"),
    TLS_VERSION("sslv"),
    TLS_CIPHER("sslc"),
    /** 1 if the client speaks TLS, otherwise 0. */
    ENCRYPTED("[ssl_fc]"),
    /** What a client's TLS says, by question. */
    TLS("[ssl]"),
    /** One of the captured request headers, by number. */
    ONE_REQUEST_HEADER("[capture.req.hdr]"),
    /** One of the captured response headers, by number. */
    ONE_RESPONSE_HEADER("[capture.res.hdr]");

    private static final Map<String, LogVariable> BY_CODE = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(variable -> variable.code, Function.identity()));

    private final String code;

    LogVariable(String code) {
        this.code = code;
    }

    /** Returns the variable that is written {@code %code}, {@code null} if there is none. */
    static @Nullable LogVariable of(String code) {
        return BY_CODE.get(code);
    }
}
