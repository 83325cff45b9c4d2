namespace WikiBus.Events.Deki;

/// <summary>The namespaces of Deki's pages.</summary>
public enum DekiNamespace
{
    /// <summary>Pages without a prefix.</summary>
    Main,

    /// <summary><c>Talk:</c></summary>
    MainTalk,

    /// <summary><c>User:</c></summary>
    User,

    /// <summary><c>User_talk:</c></summary>
    UserTalk,

    /// <summary><c>Project:</c></summary>
    Project,

    /// <summary><c>Project_talk:</c></summary>
    ProjectTalk,

    /// <summary><c>Template:</c></summary>
    Template,

    /// <summary><c>Template_talk:</c></summary>
    TemplateTalk,

    /// <summary><c>Help:</c></summary>
    Help,

    /// <summary><c>Help_talk:</c></summary>
    HelpTalk,

    /// <summary><c>File:</c></summary>
    Attachment,

    /// <summary><c>Special:</c></summary>
    Special,

    /// <summary><c>Special_talk:</c></summary>
    SpecialTalk,

    /// <summary><c>Admin:</c></summary>
    Admin,
}
