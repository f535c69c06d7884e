using ClinicNetwork.Journal.Tests.Contract;
using Xunit.Abstractions;

namespace ClinicNetwork.Journal.Tests.Sqlite;

public sealed class SqliteAppendTests() : AppendContract(new SqliteStoreFactory());

public sealed class SqliteTailTests() : TailContract(new SqliteStoreFactory());

public sealed class SqliteProjectionTests() : ProjectionContract(new SqliteStoreFactory());

public sealed class SqliteFeedTests() : FeedContract(new SqliteStoreFactory());

public sealed class SqliteDoublesTests() : DoublesContract(new SqliteStoreFactory());

public sealed class SqliteExchangeTests() : ExchangeContract(new SqliteStoreFactory());

public sealed class SqliteLedgerTests() : LedgerContract(new SqliteStoreFactory());

public sealed class SqliteAuditTests() : AuditContract(new SqliteStoreFactory());

public sealed class SqliteAuditAttackTests() : AuditAttackContract(new SqliteStoreFactory())
{
    protected override string PassedOver => "last_access = 1000";
}

public sealed class SqliteKeyTests() : KeyContract(new SqliteStoreFactory());

public sealed class SqliteAssertionTests() : AssertionContract(new SqliteStoreFactory());

public sealed class SqliteModelTests(ITestOutputHelper output) : ModelContract(new SqliteStoreFactory(), output);

public sealed class SqliteSubmissionTests() : SubmissionContract(new SqliteStoreFactory());
