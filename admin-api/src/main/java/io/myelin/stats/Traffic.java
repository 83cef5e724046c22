package io.myelin.stats;

import io.myelin.failure.Failure;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;

/** What a pool counts of its clients, for the line of the backend and that of the frontend of the same name. */
final class Traffic {
    private Traffic() {}

    static void addTo(Row row, Pool pool) {
        row.number(Column.BIN, pool.total(PoolCounter.BYTES_IN));
        row.number(Column.BOUT, pool.total(PoolCounter.BYTES_OUT));
        row.number(Column.DREQ, pool.total(Failure.DENIED) + pool.total(Failure.TARPITTED));
        row.number(Column.DRESP, pool.total(Failure.RESPONSE_DENIED));
        row.number(Column.REQ_TOT, pool.total(PoolCounter.REQUESTS));
        row.number(Column.HRSP_1XX, pool.total(PoolCounter.RESPONSES_1XX));
        row.number(Column.HRSP_2XX, pool.total(PoolCounter.RESPONSES_2XX));
        row.number(Column.HRSP_3XX, pool.total(PoolCounter.RESPONSES_3XX));
        row.number(Column.HRSP_4XX, pool.total(PoolCounter.RESPONSES_4XX));
        row.number(Column.HRSP_5XX, pool.total(PoolCounter.RESPONSES_5XX));
    }
}
