using ClinicNetwork.Journal.Tests.Contract;
using Xunit.Abstractions;

namespace ClinicNetwork.Journal.Tests.Postgres;

public sealed class PostgresAppendTests() : AppendContract(new PostgresStoreFactory());

public sealed class PostgresTailTests() : TailContract(new PostgresStoreFactory());

public sealed class PostgresProjectionTests() : ProjectionContract(new PostgresStoreFactory());

public sealed class PostgresFeedTests() : FeedContract(new PostgresStoreFactory());

public sealed class PostgresDoublesTests() : DoublesContract(new PostgresStoreFactory());

public sealed class PostgresExchangeTests() : ExchangeContract(new PostgresStoreFactory());

public sealed class PostgresLedgerTests() : LedgerContract(new PostgresStoreFactory());

public sealed class PostgresAuditTests() : AuditContract(new PostgresStoreFactory());

public sealed class PostgresAuditAttackTests() : AuditAttackContract(new PostgresStoreFactory())
{
    protected override string PassedOver => "next_tx = (next_tx::text::bigint + 1)::text::xid8";
}

public sealed class PostgresKeyTests() : KeyContract(new PostgresStoreFactory());

public sealed class PostgresAssertionTests() : AssertionContract(new PostgresStoreFactory());

public sealed class PostgresModelTests(ITestOutputHelper output) : ModelContract(new PostgresStoreFactory(), output);

public sealed class PostgresSubmissionTests() : SubmissionContract(new PostgresStoreFactory());
