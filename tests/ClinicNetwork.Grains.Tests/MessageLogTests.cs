using System.Reflection;
using System.Runtime.CompilerServices;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Rates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace ClinicNetwork.Grains.Tests;

/// <summary>Orleans writes whole messages into its log and into the texts of its exceptions; what patients are must not be in them.</summary>
public sealed class MessageLogTests
{
    private const string Marker = "Unmistakable";

    [Fact]
    public async Task A_call_and_an_answer_that_came_too_late_show_no_data_in_any_log_line_or_exception()
    {
        var log = new CapturedLog();
        await using var network = await NetworkUnderTest.CreateAsync();
        var cluster = await network.AddClusterAsync(silo =>
        {
            silo.Services.PostConfigure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(5));
            silo.Services.AddLogging(l => l.AddProvider(log).SetMinimumLevel(LogLevel.Trace).AddFilter<CapturedLog>(null, LogLevel.Trace));
        });
        var patient = cluster.Patient("late");
        var (held, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        cluster.Journal.BeforeNext("pt-late", _ => { held.SetResult(); return released.Task; });
        var call = patient.Enrol(Commands.Enrol("late", familyName: Marker), Origins.Next());
        await held.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var late = await Assert.ThrowsAsync<TimeoutException>(() => call);
        released.SetResult();
        (await patient.RecordConsultation(Commands.Consult(), Origins.Next())).AcceptedAs(2);
        Assert.Equal(Marker, (await patient.Read(Replies.Confirmed)).State!.FamilyName);

        // The planted call is in the log: what is not found below was looked for at the right place.
        Assert.Contains("EnrolPatient", late.ToString(), StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains("EnrolPatient", StringComparison.Ordinal));
        Assert.DoesNotContain(Marker, late.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, line => line.Contains(Marker, StringComparison.Ordinal));
    }

    [Fact]
    public void No_argument_and_no_result_of_a_grain_shows_its_values()
    {
        var methods = typeof(Streams).Assembly.GetTypes().Where(t => t.IsInterface && typeof(IGrainWithStringKey).IsAssignableFrom(t)).Where(t => t != typeof(IRateGrain)) // numbers alone
            .SelectMany(t => t.GetMethods()).ToList();
        var arguments = methods.SelectMany(m => m.GetParameters()).Select(p => p.ParameterType).Where(IsRecord).Distinct().ToList();
        Assert.True(arguments.Count >= 15, $"only {arguments.Count} kinds of arguments");
        Assert.All(
            arguments.Except([typeof(CommandOrigin), typeof(ReadRequest)]), // ids, hashes and versions
            type => Assert.Equal(type.Name, RuntimeHelpers.GetUninitializedObject(type).ToString()));
        Assert.Equal("accepted as version 3", Reply<PatientState>.Accepted(PatientState.Empty, 3, default).ToString());
        Assert.Equal("version 3", new Reading<PatientState>(PatientState.Empty, 3, true, null).ToString());
        Assert.All(methods, m => Assert.Contains(m.ReturnType.GetGenericArguments().Single().GetGenericTypeDefinition(), (Type[])[typeof(Reply<>), typeof(Reading<>)]));
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance) is not null;
}
