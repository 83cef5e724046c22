package io.myelin.stats;

import java.util.Locale;

/** The columns of HAProxy 2.6's statistics, in its order (HAProxy's management guide, section 9.1). */
enum Column {
    PXNAME("KNS:str", false),
    SVNAME("KNS:str", false),
    QCUR("MGP:u32", false),
    QMAX("MMP:u32", false),
    SCUR("MGP:u32", false),
    SMAX("MMP:u32", false),
    SLIM("CLP:u32", false),
    STOT("MCP:u64", true),
    BIN("MCP:u64", true),
    BOUT("MCP:u64", true),
    DREQ("MCP:u64", true),
    DRESP("MCP:u64", true),
    EREQ("MCP:u64", true),
    ECON("MCP:u64", true),
    ERESP("MCP:u64", true),
    WRETR("MCP:u64", true),
    WREDIS("MCP:u64", true),
    STATUS("SGP:str", false),
    WEIGHT("MaP:u32", false),
    ACT("MGP:u32", false),
    BCK("MGP:u32", false),
    CHKFAIL("MCP:u64", true),
    CHKDOWN("MCP:u64", true),
    LASTCHG("MAP:u32", false),
    DOWNTIME("MCP:u32", false),
    QLIMIT("CGS:u32", false),
    PID("KGP:u32", false),
    IID("KGS:u32", false),
    SID("KGS:u32", false),
    THROTTLE("MaP:u32", false),
    LBTOT("MCP:u64", true),
    TRACKED("CNS:str", false),
    TYPE("CGS:u32", false),
    RATE("MRP:u32", false),
    RATE_LIM("CLP:u32", false),
    RATE_MAX("MMP:u32", false),
    CHECK_STATUS("MOP:str", false),
    CHECK_CODE("MOP:u32", false),
    CHECK_DURATION("MDP:u64", false),
    HRSP_1XX("MCP:u64", true),
    HRSP_2XX("MCP:u64", true),
    HRSP_3XX("MCP:u64", true),
    HRSP_4XX("MCP:u64", true),
    HRSP_5XX("MCP:u64", true),
    HRSP_OTHER("MCP:u64", true),
    HANAFAIL("MCP:u64", false),
    REQ_RATE("MRP:u32", false),
    REQ_RATE_MAX("MMP:u32", false),
    REQ_TOT("MCP:u64", true),
    CLI_ABRT("MCP:u64", true),
    SRV_ABRT("MCP:u64", true),
    COMP_IN("MCP:u64", false),
    COMP_OUT("MCP:u64", false),
    COMP_BYP("MCP:u64", false),
    COMP_RSP("MCP:u64", false),
    LASTSESS("MAP:s32", false),
    LAST_CHK("MOP:str", false),
    LAST_AGT("MOP:str", false),
    QTIME("MaP:u32", false),
    CTIME("MaP:u32", false),
    RTIME("MaP:u32", false),
    TTIME("MaP:u32", false),
    AGENT_STATUS("MOP:str", false),
    AGENT_CODE("MOP:u32", false),
    AGENT_DURATION("MDP:u64", false),
    CHECK_DESC("MOP:str", false),
    AGENT_DESC("MOP:str", false),
    CHECK_RISE("CGS:u32", false),
    CHECK_FALL("CGS:u32", false),
    CHECK_HEALTH("CGS:u32", false),
    AGENT_RISE("CGS:u32", false),
    AGENT_FALL("CGS:u32", false),
    AGENT_HEALTH("CGS:u32", false),
    ADDR("CGS:str", false),
    COOKIE("CNS:str", false),
    MODE("CGS:str", false),
    ALGO("CGS:str", false),
    CONN_RATE("MRP:u32", false),
    CONN_RATE_MAX("MMP:u32", false),
    CONN_TOT("MCP:u64", true),
    INTERCEPTED("MCP:u64", true),
    DCON("MCP:u64", true),
    DSES("MCP:u64", true),
    WREW("MCP:u64", false),
    CONNECT("MCP:u64", true),
    REUSE("MCP:u64", true),
    CACHE_LOOKUPS("MCP:u64", false),
    CACHE_HITS("MCP:u64", false),
    SRV_ICUR("MGP:u32", false),
    SRC_ILIM("CLP:u32", false),
    QTIME_MAX("MMP:u32", false),
    CTIME_MAX("MMP:u32", false),
    RTIME_MAX("MMP:u32", false),
    TTIME_MAX("MMP:u32", false),
    EINT("MCP:u64", false),
    IDLE_CONN_CUR("MGP:u32", false),
    SAFE_CONN_CUR("MGP:u32", false),
    USED_CONN_CUR("MGP:u32", false),
    NEED_CONN_EST("MGP:u32", false),
    UWEIGHT("MaP:u32", false),
    AGG_SERVER_STATUS("MGP:u32", false),
    AGG_SERVER_CHECK_STATUS("MGP:u32", false),
    AGG_CHECK_STATUS("MGP:u32", false);

    private final Trait trait;
    private final boolean total;

    Column(String trait, boolean total) {
        this.trait = Trait.of(trait);
        this.total = total;
    }

    /** Returns what kind of value stands in it, of a row of that type. */
    Trait trait(Row.Type type) {
        boolean standing = this == ACT || this == BCK;
        return standing && type == Row.Type.SERVER ? Trait.STANDING : trait;
    }

    /** Returns the name in the first line of the CSV. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether it counts from the start of the process, so that operators can have it begin anew. */
    boolean isTotal() {
        return total;
    }
}
