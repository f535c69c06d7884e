using System.Reflection;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Grains.Approvals;
using ClinicNetwork.Grains.Clinics;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Partners;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.Gateway.Tests.Identity;

/// <summary>Every rpc of the contract has its row, and the table for people says the same.</summary>
public sealed class AccessRowsTests
{
    [Fact]
    public void Every_rpc_has_a_row_and_no_row_is_left_over() =>
        Assert.Equal(Rpcs().Order(StringComparer.Ordinal), Access.Rows.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void The_table_for_people_is_the_same()
    {
        string[] lines =
        [
            "rpc," + string.Join(',', InOrder().Select(r => r.Key)),
            .. Access.Rows.OrderBy(row => row.Key, StringComparer.Ordinal)
                .Select(row => row.Key["/clinicnetwork.".Length..] + "," + string.Join(',', InOrder().Select(r => !row.Value.Roles.HasFlag(r.Value) ? "no" : row.Value.IsOfNetwork ? "network" : (row.Value.IsOfOwnPatient && r.Value == Roles.Patient) || (row.Value.IsOfOwnPartner && r.Value == Roles.Registry) ? "own" : "yes"))),
        ];
        Assert.Equal(lines, File.ReadAllLines(Path.Combine(Root(), "docs", "security", "authorisation.csv")));
    }

    /// <summary>What the gateway asks for, the grains ask for again.</summary>
    [Fact]
    public void Grains_want_the_same_roles_as_the_rpc_that_calls_them_and_no_method_wants_none()
    {
        // All grains, so that a new one is not forgotten.
        var methods = typeof(IPatientGrain).Assembly.GetTypes().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)).SelectMany(type => type.GetMethods()).ToList();
        Assert.NotEmpty(methods);
        Assert.All(methods, method => Assert.NotEqual(Roles.None, Wanted(method)));
        foreach (var (service, grain) in ((string, Type)[])[("PatientService", typeof(IPatientGrain)), ("PatientVoiceService", typeof(IPatientGrain)), ("ClinicService", typeof(IClinicGrain)), ("ApprovalService", typeof(IApprovalGrain)), ("PartnerService", typeof(IPartnerGrain)), ("TransferService", typeof(IPatientGrain)), ("PatientMatchService", typeof(IPatientGrain)), ("DosingService", typeof(IPatientGrain))])
        {
            foreach (var row in Access.Rows.Where(row => row.Key.Contains($".{service}/", StringComparison.Ordinal)))
            {
                var rpc = row.Key.Split('/')[^1];
                var name = rpc switch
                {
                    "EnrolPatient" => "Enrol",
                    "RegisterClinic" => "Register",
                    "ConfigureClinic" => "Configure",
                    "RegisterPartner" => "Register",
                    "DraftAgreement" or "ProposeAgreement" or "SuspendAgreement" or "EndAgreement" or "RekeyAgreement" => rpc[..^"Agreement".Length],
                    "ProposeErasure" or "ProposeKeyDestruction" => "Propose",
                    "GetPatient" or "GetEligibility" or "ListJournal" or "GetRemsForm" or "GetAdvice" or "GetClinic" or "GetApproval" or "ListApprovals" or "GetPartner" or "GetAgreement" or "ListAgreements" => "Read",
                    "GetPlan" => "ReadPlan",
                    "GetTransfer" or "ListTransfers" => "ReadTransfers",
                    "ListProbableDoubles" => "ReadDismissedDoubles",
                    "GetDosing" => "ReadDosing",
                    "ListHistory" or "ListRoster" or "ListWorklist" => "Read" + rpc[4..],
                    "ListClinicDay" => "ReadWorklist",
                    "GetClinicOutcomes" => "ReadRoster",
                    _ => rpc,
                };
                // Lists of the network are read from the store, without a grain.
                if (rpc is not ("ListClinics" or "ListPartners" or "ListProtocols" or "ListScales" or "ListContraindications" or "ListOutcomeDefinitions" or "ListFollowUpRules"))
                {
                    // What is derived for the clinic comes by the method by which the patient reads itself.
                    var wanted = Wanted(grain.GetMethod(name)!);
                    Assert.Equal(row.Value.Roles, rpc is "GetEligibility" or "GetRemsForm" or "GetAdvice" ? wanted & ~Roles.Patient : wanted);
                }
            }
        }
    }

    private static Roles Wanted(MethodInfo method) => method.GetCustomAttribute<ForRolesAttribute>()?.Roles ?? Roles.None;

    private static IEnumerable<KeyValuePair<string, Roles>> InOrder() => RoleNames.All.OrderBy(r => r.Value);

    /// <summary>By the generated files, so that a new one is not forgotten.</summary>
    private static IEnumerable<string> Rpcs() =>
        from type in typeof(PatientServiceReflection).Assembly.GetTypes()
        where type.Name.EndsWith("Reflection", StringComparison.Ordinal) && type.Namespace!.StartsWith("ClinicNetwork.Protocol.", StringComparison.Ordinal)
        let file = (FileDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!
        from service in file.Services
        from method in service.Methods
        select $"/{service.FullName}/{method.Name}";

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ClinicNetwork.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
